import { fallBelowZero } from "./root.ts";

/** Further terms of the series of Φ. */
const TERMS = 99;
/** Fractions of the continued fraction of Mills's ratio. */
const FRACTIONS = 60;

/** `φ`: density of the normal distribution. */
function density(x: number): number {
  return Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI);
}

/** `Φ(x) = ½ + φ (x + x³/3 + x⁵/(3·5) + …)`; 0 or 1 beyond ± 6. Source: Marsaglia (2004). */
function cumulative(x: number): number {
  if (x < -6) return 0;
  if (x > 6) return 1;
  let term = x;
  let sum = x;
  for (let i = 1; i <= TERMS && sum + term !== sum; i += 1) {
    term *= x ** 2 / (2 * i + 1);
    sum += term;
  }
  return 0.5 + density(x) * sum;
}

/** Mills's ratio `(1 − Φ(x)) ÷ φ(x) = 1 ÷ (x + 1 ÷ (x + 2 ÷ (x + …)))`, for x above 0. Source: Laplace. */
function mills(x: number): number {
  let rest = x;
  for (let i = FRACTIONS; i >= 1; i -= 1) rest = x + i / rest;
  return 1 / rest;
}

/**
 * The trials by which a walk with a drift has passed a height with a chance, at the latest `latest`.
 * Source: VERDICTS, "preflight", `to`; the first passage of a Brownian motion is inverse Gaussian.
 *
 * @param drift Gain for each trial, above 0.
 * @param variance Of each trial, above 0.
 */
export function trialsToPass(
  height: number,
  drift: number,
  variance: number,
  chance: number,
  latest: number,
): number {
  const surplus = (n: number): number => {
    const deviation = Math.sqrt(variance * n);
    const a = (drift * n - height) / deviation;
    const b = (drift * n + height) / deviation;
    return cumulative(a) + density(a) * mills(b) - chance;
  };
  return fallBelowZero(latest, latest * 2 ** -60, surplus);
}
