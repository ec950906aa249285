/** Each bucket ends less than 5% above the one before: no quantile is further off. */
const RATIO = 1.048;
const FASTEST_SECONDS = 0.001;
const SLOWEST_SECONDS = 10;

/** Upper bounds of the buckets by which the Node gateway counts latencies, in milliseconds. */
export const LATENCY_BOUNDS_MS: readonly number[] = bounds();

function bounds(): number[] {
  const known: number[] = [];
  for (let bound = FASTEST_SECONDS; bound < SLOWEST_SECONDS; bound *= RATIO) {
    // As many digits as the gateway prints.
    known.push(Number((Number(bound.toPrecision(4)) * 1000).toPrecision(4)));
  }
  return [...known, SLOWEST_SECONDS * 1000];
}
