import autocannon from "autocannon";
import { median, medianRatio } from "./statistics.ts";

const ROUNDS = 4;
const SECONDS = 3;
const CONNECTIONS = 32;

/** One of two servers under load. Both run all the time. */
export interface Server {
  readonly url: string;
  stop(): void | Promise<void>;
}

interface Round {
  readonly requests: number;
  readonly p50: number;
  readonly p99: number;
}

/**
 * Loads a gateway and the same handlers without the rollout in turn, prints requests per second,
 * latency and the ratio, and stops both.
 */
export async function compareThroughput(
  title: string,
  gateway: Server,
  baseline: Server,
): Promise<void> {
  const withRollout: Round[] = [];
  const without: Round[] = [];
  try {
    await load(gateway.url);
    await load(baseline.url);
    for (let round = 0; round < ROUNDS; round++) {
      withRollout.push(await load(gateway.url));
      without.push(await load(baseline.url));
    }
  } finally {
    await gateway.stop();
    await baseline.stop();
  }
  console.log(`${title}, built-in handlers, ${ROUNDS} rounds of ${SECONDS} s, in turn`);
  report("with the rollout", withRollout);
  report("without the rollout", without);
  const ratio = medianRatio(
    withRollout.map(({ requests }) => requests),
    without.map(({ requests }) => requests),
  );
  console.log(`  ratio                ${ratio.toFixed(3).padStart(7)}`);
}

function report(name: string, rounds: readonly Round[]): void {
  const of = (figure: keyof Round, digits: number): string =>
    median(rounds.map((round) => round[figure])).toFixed(digits);
  const requests = of("requests", 0).padStart(7);
  console.log(
    `  ${name.padEnd(20)} ${requests} requests/s, p50 ${of("p50", 1)} ms, p99 ${of("p99", 1)} ms`,
  );
}

/** Every request must succeed. */
async function load(url: string): Promise<Round> {
  const result = await autocannon({ url, connections: CONNECTIONS, duration: SECONDS });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url} failed requests`);
  const { p50, p99 } = result.latency;
  return { requests: result.requests.average, p50, p99 };
}
