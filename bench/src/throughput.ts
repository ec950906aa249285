import autocannon from "autocannon";
import { median, medianRatio } from "./statistics.ts";

const ROUNDS = 16;
const SECONDS = 1;
const CONNECTIONS = 32;

/** One of two servers under load. */
export interface Server {
  readonly url: string;
  stop(): void | Promise<void>;
}

/** How two servers are compared. */
export interface Comparison {
  readonly title: string;
  /** What the gateway has that the baseline has not; "the rollout" unless given. */
  readonly difference?: string;
  readonly startGateway: () => Promise<Server>;
  readonly startBaseline: () => Promise<Server>;
  /** How often both are started anew: two processes of one program differ in speed by some percent. */
  readonly instances: number;
}

interface Round {
  readonly requests: number;
  readonly p50: number;
  readonly p99: number;
}

/**
 * Loads a gateway and a baseline that lacks one thing, in turn, in short rounds that begin
 * with the one and the other alternately, and prints requests per second, latency and the ratio.
 */
export async function compareThroughput(comparison: Comparison): Promise<void> {
  const withRollout: Round[] = [];
  const without: Round[] = [];
  for (let instance = 0; instance < comparison.instances; instance++) {
    const gateway = await comparison.startGateway();
    const baseline = await comparison.startBaseline();
    try {
      await load(gateway.url);
      await load(baseline.url);
      for (let round = 0; round < ROUNDS; round++) {
        if (round % 2 === 0) withRollout.push(await load(gateway.url));
        without.push(await load(baseline.url));
        if (round % 2 === 1) withRollout.push(await load(gateway.url));
      }
    } finally {
      await gateway.stop();
      await baseline.stop();
    }
  }
  const { title, instances, difference = "the rollout" } = comparison;
  console.log(`${title}, built-in handlers: ${instances} x ${ROUNDS} rounds of ${SECONDS} s`);
  report(`with ${difference}`, withRollout);
  report(`without ${difference}`, without);
  const requests = ({ requests: count }: Round): number => count;
  const ratio = medianRatio(withRollout.map(requests), without.map(requests));
  console.log(`  ${"ratio".padEnd(28)} ${ratio.toFixed(3).padStart(7)}`);
}

function report(name: string, rounds: readonly Round[]): void {
  const middle = (figure: keyof Round): number => median(rounds.map((round) => round[figure]));
  const requests = middle("requests").toFixed(0).padStart(7);
  const latency = `p50 ${middle("p50").toFixed(1)} ms, p99 ${middle("p99").toFixed(1)} ms`;
  console.log(`  ${name.padEnd(28)} ${requests} requests/s, ${latency}`);
}

/** Every request must succeed. */
async function load(url: string): Promise<Round> {
  const result = await autocannon({ url, connections: CONNECTIONS, duration: SECONDS });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url} failed requests`);
  const { p50, p99 } = result.latency;
  return { requests: result.requests.average, p50, p99 };
}
