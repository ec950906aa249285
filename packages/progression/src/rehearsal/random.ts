/** Random numbers from 0 up to but not 1, the same for the same seed. */
export type Random = () => number;

/** Source: sfc32 of PractRand, seeded through a mixing of one whole number. */
export function seeded(seed: number): Random {
  let [a, b, c, counter] = [mixed(seed), mixed(seed + 1), mixed(seed + 2), 1];
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 15; i += 1) next();
  return next;
}

function mixed(value: number): number {
  let hash = Math.imul(value ^ 0x9e3779b9, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** `ln √(2π)`. */
const LOG_ROOT: number = Math.log(2 * Math.PI) / 2;
/** Means up to which inversion is the faster way. */
const FEW = 10;

/** How many of `n` trials hit, each with `chance`. */
export function binomial(random: Random, n: number, chance: number): number {
  if (n <= 0 || chance <= 0) return 0;
  if (chance >= 1) return n;
  if (chance > 0.5) return n - binomial(random, n, 1 - chance);
  return n * chance > FEW ? rejected(random, n, chance) : inverted(random, n, chance);
}

/** By inversion: the sum of the chances of 0, 1, 2 … until it exceeds a uniform number. */
function inverted(random: Random, n: number, chance: number): number {
  const odds = chance / (1 - chance);
  let left = random();
  let term = Math.exp(n * Math.log1p(-chance));
  let hits = 0;
  while (left > term && hits < n) {
    left -= term;
    hits += 1;
    term *= (odds * (n - hits + 1)) / hits;
  }
  return hits;
}

/** By rejection. Source: Hörmann (1993), "The generation of binomial random variates", BTRS. */
function rejected(random: Random, n: number, chance: number): number {
  const deviation = Math.sqrt(n * chance * (1 - chance));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * chance;
  const centre = n * chance + 0.5;
  const odds = chance / (1 - chance);
  const mode = Math.floor((n + 1) * chance);
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const edge = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / edge + b) * u + centre);
    if (edge >= 0.07 && v <= 0.92 - 4.2 / b) return k;
    if (k < 0 || k > n) continue;
    const height = Math.log((v * (2.83 + 5.1 / b) * deviation) / (a / (edge * edge) + b));
    const allowed =
      (mode + 0.5) * Math.log((mode + 1) / (odds * (n - mode + 1))) +
      (n + 1) * Math.log((n - mode + 1) / (n - k + 1)) +
      (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) +
      (stirling(mode) + stirling(n - mode) - stirling(k) - stirling(n - k));
    if (height <= allowed) return k;
  }
}

/** What Stirling's formula leaves of `ln k!`, to 1e-9 for k of 9 and more; exact below. */
function stirling(k: number): number {
  const known = STIRLING[k];
  if (known !== undefined) return known;
  const square = (k + 1) ** 2;
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1);
}

const STIRLING: readonly number[] = Array.from({ length: 10 }, (_, k) => {
  let logFactorial = 0;
  for (let i = 2; i <= k; i += 1) logFactorial += Math.log(i);
  return logFactorial - ((k + 0.5) * Math.log(k + 1) - (k + 1) + LOG_ROOT);
});

export function poisson(random: Random, mean: number): number {
  if (mean > FEW) return rejectedPoisson(random, mean);
  let left = random();
  let term = Math.exp(-mean);
  let count = 0;
  while (left > term && term > 0) {
    left -= term;
    count += 1;
    term *= mean / count;
  }
  return count;
}

/** Source: Hörmann (1993), "The transformed rejection method for generating Poisson random variables", PTRS. */
function rejectedPoisson(random: Random, mean: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const logMean = Math.log(mean);
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const edge = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / edge + b) * u + mean + 0.43);
    if (edge >= 0.07 && v <= 0.9277 - 3.6224 / (b - 2)) return k;
    if (k < 0 || (edge < 0.013 && v > edge)) continue;
    const height = Math.log((v * (1.1239 + 1.1328 / (b - 3.4))) / (a / (edge * edge) + b));
    const logFactorial = (k + 0.5) * Math.log(k + 1) - (k + 1) + LOG_ROOT + stirling(k);
    if (height <= k * logMean - mean - logFactorial) return k;
  }
}

/** A size of at least 1 with a mean, geometric. */
export function geometric(random: Random, mean: number): number {
  return mean <= 1 ? 1 : 1 + Math.floor(Math.log(1 - random()) / Math.log1p(-1 / mean));
}
