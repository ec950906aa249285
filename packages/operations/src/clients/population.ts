import { canonicalClientIp, clientBucket, routesToEdgezero } from "@edgezero/rollout";

/** The number of buckets. */
const BUCKETS = 100;

/** The clients of a list, by bucket. */
export interface Population {
  readonly lines: number;
  /** Lines without an address, which count in the bucket of the empty key. */
  readonly invalid: number;
  readonly distinct: number;
  /** Lines by bucket, 100 numbers. */
  readonly buckets: readonly number[];
}

/** Counts the clients of a list. `onLines` hears of each ten thousand. Rejects where the list cannot be read. */
export async function populationOf(
  addresses: AsyncIterable<string>,
  onLines: (lines: number) => void,
): Promise<Population> {
  const buckets = Array.from({ length: BUCKETS }, () => 0);
  const distinct = new Set<string>();
  let [lines, invalid] = [0, 0];
  for await (const ip of addresses) {
    const canonical = canonicalClientIp(ip);
    if (canonical === null) invalid++;
    distinct.add(canonical ?? "");
    const bucket = clientBucket(ip);
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    if (++lines % 10_000 === 0) onLines(lines);
  }
  return { lines, invalid, distinct: distinct.size, buckets };
}

/** How many lines go to EdgeZero at a percentage. */
function edgezeroOf(buckets: readonly number[], pct: number): number {
  return sum(buckets.filter((_, number) => routesToEdgezero(number, pct)));
}

/** The part of a list that goes to EdgeZero at a percentage. */
export interface Share {
  readonly pct: number;
  /** Lines that go to EdgeZero. */
  readonly edgezero: number;
  /** Their part of all lines, from 0 to 100. */
  readonly sharePct: number;
}

/** The real share of a list with at least one line. */
export function shareOf({ lines, buckets }: Population, pct: number): Share {
  const edgezero = edgezeroOf(buckets, pct);
  return { pct, edgezero, sharePct: (100 * edgezero) / lines };
}

/** A list and its share, for people. */
export function shareLines(
  { lines, distinct, invalid }: Population,
  { pct, edgezero, sharePct }: Share,
): string[] {
  return [
    `${lines} addresses, ${distinct} of them distinct${invalid === 0 ? "" : `, ${invalid} not addresses`}`,
    `at ${pct}%: ${edgezero} go to EdgeZero, which is ${sharePct.toFixed(2)}% of them`,
  ];
}

/** Five buckets, as a bar of a histogram. The parts of the bar are in characters. */
export interface BucketBar {
  /** Such as `95–99`. */
  readonly range: string;
  /** Lines in these buckets. */
  readonly total: number;
  readonly edgezero: number;
  readonly legacy: number;
}

/** The bars of a histogram, of which the longest has `width` characters. */
export function bucketBars(buckets: readonly number[], pct: number, width: number): BucketBar[] {
  const rows = Array.from({ length: BUCKETS / 5 }, (_, row) => {
    const five = buckets.slice(5 * row, 5 * row + 5);
    const inside = five.filter((__, i) => routesToEdgezero(5 * row + i, pct));
    return { row, total: sum(five), inside: sum(inside) };
  });
  const most = Math.max(...rows.map(({ total }) => total));
  return rows.map(({ row, total, inside }) => {
    const length = Math.round((width * total) / most);
    const edgezero = total === 0 ? 0 : Math.round((length * inside) / total);
    const range = `${String(5 * row).padStart(2)}–${5 * row + 4}`;
    return { range, total, edgezero, legacy: length - edgezero };
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
