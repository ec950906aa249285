import type { Labels, Sample } from "./exposition.ts";

const FASTEST_SECONDS = 0.001;
const SLOWEST_SECONDS = 10;
/** Each bucket ends less than 5 % above the one before, after rounding: no quantile is further off. */
const BUCKET_RATIO = 1.048;
const BOUNDARIES = bucketBoundaries();

/** A histogram of how long the requests with the same labels took. */
export class Durations {
  readonly #labels: Labels;
  readonly #counts = Array.from<number>({ length: BOUNDARIES.length + 1 }).fill(0);
  #sum = 0;
  #count = 0;

  constructor(labels: Labels) {
    this.#labels = labels;
  }

  add(seconds: number): void {
    const bucket = bucketOf(seconds);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += seconds;
    this.#count++;
  }

  /** The samples of the histogram; empty before the first request. */
  samples(): Sample[] {
    if (this.#count === 0) return [];
    const labels = this.#labels;
    let total = 0;
    return [
      { suffix: "_count", labels, value: this.#count },
      { suffix: "_sum", labels, value: this.#sum },
      ...this.#counts.map((count, i): Sample => {
        total += count;
        const le = String(BOUNDARIES[i] ?? "+Inf");
        return { suffix: "_bucket", labels: { ...labels, le }, value: total };
      }),
    ];
  }
}

/** The first bucket that ends at or above a duration; the last one counts all that are slower. */
function bucketOf(seconds: number): number {
  let low = 0;
  let high = BOUNDARIES.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (seconds <= (BOUNDARIES[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function bucketBoundaries(): number[] {
  const boundaries: number[] = [];
  for (let bound = FASTEST_SECONDS; bound < SLOWEST_SECONDS; bound *= BUCKET_RATIO) {
    boundaries.push(Number(bound.toPrecision(4)));
  }
  return [...boundaries, SLOWEST_SECONDS];
}
