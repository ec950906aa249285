import { createReadStream } from "node:fs";
import { canonicalClientIp, clientBucket, routesToEdgezero } from "@edgezero/rollout";
import { messageOf } from "@edgezero/faults/faults";
import { CliError } from "../../cli-error.ts";
import { aligned } from "../../output/aligned.ts";
import type { Outcome, Output } from "../../output/output.ts";
import type { Paint } from "../../output/paint.ts";
import { addressLines } from "./address-lines.ts";

const BUCKETS = 100;
const BAR_WIDTH = 40;

/** The options of `simulate`. */
export interface SimulateOptions {
  /** A file with one address a line; `-` is standard input. */
  readonly ips: string;
  readonly pct: number;
}

/** The clients of a list, by bucket. */
export interface Population {
  readonly lines: number;
  /** Lines without an address, which count in the bucket of the empty key. */
  readonly invalid: number;
  readonly distinct: number;
  /** Lines by bucket, 100 numbers. */
  readonly buckets: readonly number[];
}

/** `simulate`: shows the real share of a list: a few addresses may be most of its lines. */
export async function simulate(output: Output, { ips, pct }: SimulateOptions): Promise<Outcome> {
  const progress = output.progress(`reading ${ips}`);
  const population = await populationOf(ips, (lines) => {
    progress.update(`reading ${ips}: ${lines} addresses`);
  }).finally(progress.stop);
  const { lines, invalid, distinct, buckets } = population;
  if (lines === 0) throw new CliError("usage", `${ips} holds no addresses`);
  const edgezero = sum(buckets.filter((_, number) => routesToEdgezero(number, pct)));
  const sharePct = (100 * edgezero) / lines;
  const text = [
    `${lines} addresses, ${distinct} of them distinct${invalid === 0 ? "" : `, ${invalid} not addresses`}`,
    `at ${pct}%: ${edgezero} go to EdgeZero, which is ${sharePct.toFixed(2)}% of them`,
    histogram(buckets, pct, output.paint),
  ];
  return { document: { pct, edgezero, sharePct, ...population }, text: text.join("\n") };
}

async function populationOf(path: string, onLines: (lines: number) => void): Promise<Population> {
  const buckets = Array.from({ length: BUCKETS }, () => 0);
  const distinct = new Set<string>();
  let [lines, invalid] = [0, 0];
  const input = path === "-" ? process.stdin : createReadStream(path);
  try {
    for await (const ip of addressLines(input)) {
      const canonical = canonicalClientIp(ip);
      if (canonical === null) invalid++;
      distinct.add(canonical ?? "");
      const bucket = clientBucket(ip);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
      if (++lines % 10_000 === 0) onLines(lines);
    }
  } catch (error) {
    throw new CliError("usage", `${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  return { lines, invalid, distinct: distinct.size, buckets };
}

/** Five buckets a row; the part that goes to EdgeZero is in green. */
function histogram(buckets: readonly number[], pct: number, paint: Paint): string {
  const rows = Array.from({ length: BUCKETS / 5 }, (_, row) => {
    const five = buckets.slice(5 * row, 5 * row + 5);
    const inside = five.filter((__, i) => routesToEdgezero(5 * row + i, pct));
    return { row, total: sum(five), edgezero: sum(inside) };
  });
  const most = Math.max(...rows.map(({ total }) => total));
  return aligned(
    rows.map(({ row, total, edgezero }) => {
      const width = Math.round((BAR_WIDTH * total) / most);
      const green = total === 0 ? 0 : Math.round((width * edgezero) / total);
      const bar = paint.good("█".repeat(green)) + paint.faint("░".repeat(width - green));
      return [`${String(5 * row).padStart(2)}–${5 * row + 4}`.padEnd(5), String(total), bar];
    }),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
