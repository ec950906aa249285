import { loadavg } from "node:os";
import { ownMegabytes, processesOf } from "../load/usage.ts";
import { startNodeGateway } from "../servers/node-gateway.ts";
import type { Server } from "../servers/server-process.ts";
import { median, medianRatio } from "../statistics.ts";
import type { Round, ServerRow } from "../throughput.ts";
import { measureRound, toRow } from "../throughput.ts";

/** How much is measured. */
export interface WorkerScale {
  readonly instances: number;
  readonly warmUpSeconds: number;
  readonly rounds: number;
  readonly seconds: number;
}

/** One gateway: its throughput, and what its processes take. */
export interface WorkerRow extends ServerRow {
  readonly workers: number;
  /** The median of all workers. */
  readonly workerMegabytes: number;
  /** `null` where there is none. */
  readonly supervisorMegabytes: number | null;
}

/** What `bench:workers` finds. */
export interface WorkerData {
  readonly rows: readonly WorkerRow[];
  /** Requests per second of two workers by those of one: the median of all pairs of processes. */
  readonly ratio: number;
  readonly ratios: readonly number[];
  /** Processes that wanted a core in the last minute, those of the measurement among them. */
  readonly waiting: number;
}

interface Measured {
  readonly rounds: Round[];
  readonly workerMegabytes: number[];
  readonly supervisorMegabytes: number[];
}

/** Loads gateways of one worker and of two in turn. */
export async function measureWorkers(scale: WorkerScale): Promise<WorkerData> {
  const one: Measured = { rounds: [], workerMegabytes: [], supervisorMegabytes: [] };
  const two: Measured = { rounds: [], workerMegabytes: [], supervisorMegabytes: [] };
  const ratios: number[] = [];
  for (let instance = 0; instance < scale.instances; instance++) {
    const [alone, both] = await measurePair(scale, one, two);
    ratios.push(medianRatio(speeds(both), speeds(alone)));
  }
  return {
    rows: [rowOf(1, one), rowOf(2, two)],
    ratio: median(ratios),
    ratios,
    waiting: loadavg()[0] ?? 0,
  };
}

function speeds(rounds: readonly Round[]): number[] {
  return rounds.map(({ requestsPerSecond }) => requestsPerSecond);
}

async function measurePair(
  { warmUpSeconds, rounds, seconds }: WorkerScale,
  one: Measured,
  two: Measured,
): Promise<[alone: Round[], both: Round[]]> {
  const alone = await startNodeGateway({ env: { METRICS_PORT: "0" } });
  try {
    const both = await startNodeGateway({ env: { METRICS_PORT: "0", WORKERS: "2" } });
    try {
      await measureRound(alone, warmUpSeconds);
      await measureRound(both, warmUpSeconds);
      const found: [Round[], Round[]] = [[], []];
      for (let round = 0; round < rounds; round++) {
        found[0].push(await measureRound(alone, seconds));
        found[1].push(await measureRound(both, seconds));
      }
      one.rounds.push(...found[0]);
      two.rounds.push(...found[1]);
      one.workerMegabytes.push(ownMegabytes(alone.pid));
      addMemory(both, two);
      return found;
    } finally {
      await both.stop();
    }
  } finally {
    await alone.stop();
  }
}

function addMemory({ pid }: Server, { workerMegabytes, supervisorMegabytes }: Measured): void {
  const [supervisor = 0, ...workers] = processesOf(pid);
  supervisorMegabytes.push(ownMegabytes(supervisor));
  workerMegabytes.push(...workers.map(ownMegabytes));
}

function rowOf(workers: number, measured: Measured): WorkerRow {
  const { rounds, workerMegabytes, supervisorMegabytes } = measured;
  const name = workers === 1 ? "one process" : `${workers} workers`;
  return Object.assign(toRow(name, rounds), {
    workers,
    workerMegabytes: median(workerMegabytes),
    supervisorMegabytes: supervisorMegabytes.length === 0 ? null : median(supervisorMegabytes),
  });
}
