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
  /** Whether requests come from 10,000 clients, by X-Forwarded-For; from one unless given. */
  readonly manyClients?: boolean;
}

/** How much is measured. */
export interface ThroughputScale {
  /** How often both are started: two processes of one program differ in speed by some percent. */
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

/**
 * Two servers, and what the first reaches of the second: the median of each pair of processes' rounds,
 * and of those the median, since a process may keep a speed of its own for all of its life.
 */
export interface ThroughputData {
  readonly title: string;
  readonly rows: readonly [ServerRow, ServerRow];
  /** Of requests per second, of each pair of processes. */
  readonly ratios: readonly number[];
  /** The median of `ratios`. */
  readonly ratio: number;
  /**
   * Of requests per second of CPU time, to which other work on the machine matters less. Empty in results from
   * before they were kept.
   */
  readonly cpuRatios: readonly number[];
  /** The median of `cpuRatios`. */
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
  { title, difference = "the rollout", manyClients = false, ...start }: Comparison,
  { instances, ...scale }: ThroughputScale,
): Promise<ThroughputData> {
  const pairs: Pair[] = [];
  for (let instance = 0; instance < instances; instance++) {
    const gateway = await start.startGateway();
    try {
      const baseline = await start.startBaseline();
      try {
        pairs.push(await measurePair(gateway, baseline, { ...scale, manyClients }));
      } finally {
        await baseline.stop();
      }
    } finally {
      await gateway.stop();
    }
  }
  const ratiosOf = (speed: (round: Round) => number): number[] =>
    pairs.map((pair) => medianRatio(pair.gateway.map(speed), pair.baseline.map(speed)));
  const ratios = ratiosOf(({ requestsPerSecond }) => requestsPerSecond);
  const cpuRatios = ratiosOf(({ cpuMicroseconds }) => 1 / cpuMicroseconds);
  return {
    title,
    rows: [
      toRow(
        `with ${difference}`,
        pairs.flatMap(({ gateway }) => gateway),
      ),
      toRow(
        `without ${difference}`,
        pairs.flatMap(({ baseline }) => baseline),
      ),
    ],
    ratios,
    ratio: median(ratios),
    cpuRatios,
    cpuRatio: median(cpuRatios),
  };
}

/** The rounds of two processes, measured in turn. */
interface Pair {
  readonly gateway: readonly Round[];
  readonly baseline: readonly Round[];
}

async function measurePair(
  gateway: Server,
  baseline: Server,
  options: Omit<ThroughputScale, "instances"> & { readonly manyClients: boolean },
): Promise<Pair> {
  const { warmUpSeconds, rounds, seconds, manyClients } = options;
  const measure = async (server: Server, length = seconds): Promise<Round> =>
    measureRound(server, length, { manyClients });
  await measure(gateway, warmUpSeconds);
  await measure(baseline, warmUpSeconds);
  const pair: { gateway: Round[]; baseline: Round[] } = { gateway: [], baseline: [] };
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) pair.gateway.push(await measure(gateway));
    pair.baseline.push(await measure(baseline));
    if (round % 2 === 1) pair.gateway.push(await measure(gateway));
  }
  return pair;
}

/** The least and the largest of some ratios, as text; empty where none were kept. */
export function spread(ratios: readonly number[]): string {
  if (ratios.length === 0) return "";
  return `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
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
export function printThroughput(data: ThroughputData): void {
  const { title, rows, ratios, ratio, cpuRatios, cpuRatio } = data;
  console.log(title);
  for (const row of rows) {
    const { name, requestsPerSecond, p50, p99, cpuMicroseconds, peakMegabytes } = row;
    console.log(
      `  ${name.padEnd(28)} ${figure(requestsPerSecond)} requests/s, p50 ${figure(p50)} ms, p99 ${figure(p99)} ms, CPU ${figure(cpuMicroseconds)} µs, ${figure(peakMegabytes)} MB`,
    );
  }
  console.log(
    `  ${"ratio".padEnd(28)} ${ratio.toFixed(3)} (${spread(ratios)}), by CPU time ${cpuRatio.toFixed(3)} (${spread(cpuRatios)})`,
  );
}
