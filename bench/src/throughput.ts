import { load } from "./load/load.ts";
import { usageOf } from "./load/usage.ts";
import { figure } from "./report/table.ts";
import type { Server } from "./servers/server-process.ts";
import { median, medianRatio } from "./statistics.ts";

const CONNECTIONS = 32;

/** How two servers are compared. */
export interface Comparison {
  readonly title: string;
  /** What the gateway has that the baseline has not; "the rollout" unless given. */
  readonly difference?: string;
  readonly startGateway: () => Promise<Server>;
  readonly startBaseline: () => Promise<Server>;
}

/** How much is measured. */
export interface ThroughputScale {
  /** How often both are started anew: two processes of one program differ in speed by some percent. */
  readonly instances: number;
  /** Before the first round that counts: hot code is compiled over several seconds. */
  readonly warmUpSeconds: number;
  readonly rounds: number;
  readonly seconds: number;
}

/** The medians of one server. */
export interface ServerRow {
  readonly name: string;
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** CPU time of the server for one request, in microseconds. */
  readonly cpuMicroseconds: number;
  /** The largest resident set of all instances. */
  readonly peakMegabytes: number;
}

/** Two servers, and the medians of what the first reaches of the second, round by round. */
export interface ThroughputData {
  readonly title: string;
  readonly rows: readonly [ServerRow, ServerRow];
  /** Of requests per second. */
  readonly ratio: number;
  /** Of requests per second of CPU time, to which other work on the machine matters less. */
  readonly cpuRatio: number;
}

/** One short load of one server. */
export interface Round {
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuMicroseconds: number;
  readonly peakMegabytes: number;
}

/**
 * Loads a gateway and a baseline that lacks one thing, in turn, in short rounds that begin
 * with the one and the other alternately.
 */
export async function compareThroughput(
  { title, difference = "the rollout", startGateway, startBaseline }: Comparison,
  { instances, warmUpSeconds, rounds, seconds }: ThroughputScale,
): Promise<ThroughputData> {
  const withRollout: Round[] = [];
  const without: Round[] = [];
  for (let instance = 0; instance < instances; instance++) {
    const gateway = await startGateway();
    try {
      const baseline = await startBaseline();
      try {
        await measureRound(gateway, warmUpSeconds);
        await measureRound(baseline, warmUpSeconds);
        for (let round = 0; round < rounds; round++) {
          if (round % 2 === 0) withRollout.push(await measureRound(gateway, seconds));
          without.push(await measureRound(baseline, seconds));
          if (round % 2 === 1) withRollout.push(await measureRound(gateway, seconds));
        }
      } finally {
        await baseline.stop();
      }
    } finally {
      await gateway.stop();
    }
  }
  const ratioOf = (speed: (round: Round) => number): number =>
    medianRatio(withRollout.map(speed), without.map(speed));
  return {
    title,
    rows: [toRow(`with ${difference}`, withRollout), toRow(`without ${difference}`, without)],
    ratio: ratioOf(({ requestsPerSecond }) => requestsPerSecond),
    cpuRatio: ratioOf(({ cpuMicroseconds }) => 1 / cpuMicroseconds),
  };
}

/** Loads a server for some seconds, and reads what that has cost it. */
export async function measureRound(
  { url, pid }: Server,
  seconds: number,
  options: { readonly manyClients?: boolean; readonly core?: number } = {},
): Promise<Round> {
  const before = usageOf(pid).cpuSeconds;
  const { count, ...speed } = await load({ url, connections: CONNECTIONS, seconds, ...options });
  const { cpuSeconds, peakMegabytes } = usageOf(pid);
  return { ...speed, cpuMicroseconds: (1e6 * (cpuSeconds - before)) / count, peakMegabytes };
}

/** The medians of a server's rounds. */
export function toRow(name: string, rounds: readonly Round[]): ServerRow {
  const middle = (figureOf: (round: Round) => number): number => median(rounds.map(figureOf));
  return {
    name,
    requestsPerSecond: middle((round) => round.requestsPerSecond),
    p50: middle((round) => round.p50),
    p99: middle((round) => round.p99),
    cpuMicroseconds: middle((round) => round.cpuMicroseconds),
    peakMegabytes: Math.max(...rounds.map((round) => round.peakMegabytes)),
  };
}

/** Prints a comparison. */
export function printThroughput({ title, rows, ratio, cpuRatio }: ThroughputData): void {
  console.log(title);
  for (const row of rows) {
    const { name, requestsPerSecond, p50, p99, cpuMicroseconds, peakMegabytes } = row;
    console.log(
      `  ${name.padEnd(28)} ${figure(requestsPerSecond)} requests/s, p50 ${figure(p50)} ms, p99 ${figure(p99)} ms, CPU ${figure(cpuMicroseconds)} µs, ${figure(peakMegabytes)} MB`,
    );
  }
  console.log(`  ${"ratio".padEnd(28)} ${ratio.toFixed(3)}, by CPU time ${cpuRatio.toFixed(3)}`);
}
