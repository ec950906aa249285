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

/** Means up to which draws are exact; beyond, they are those of a normal distribution. */
const EXACT_UP_TO = 1000;
/** A mean that the product of uniform numbers can still be told from 0 by. */
const AT_ONCE = 30;

/** How many of `n` trials hit, each with `chance`. */
export function binomial(random: Random, n: number, chance: number): number {
  if (n <= 0 || chance <= 0) return 0;
  if (chance >= 1) return n;
  if (chance > 0.5) return n - binomial(random, n, 1 - chance);
  const mean = n * chance;
  if (mean > EXACT_UP_TO) {
    const drawn = Math.round(mean + Math.sqrt(mean * (1 - chance)) * normal(random));
    return Math.min(n, Math.max(0, drawn));
  }
  if (mean <= AT_ONCE) return inverted(random, n, chance);
  const part = Math.floor(AT_ONCE / chance);
  return inverted(random, part, chance) + binomial(random, n - part, chance);
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

export function poisson(random: Random, mean: number): number {
  if (mean > EXACT_UP_TO) {
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  }
  if (mean > AT_ONCE) return poisson(random, AT_ONCE) + poisson(random, mean - AT_ONCE);
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

/** A size of at least 1 with a mean, geometric. */
export function geometric(random: Random, mean: number): number {
  return mean <= 1 ? 1 : 1 + Math.floor(Math.log(1 - random()) / Math.log1p(-1 / mean));
}
