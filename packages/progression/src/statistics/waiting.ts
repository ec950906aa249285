import { trialsToPass } from "./crossing.ts";
import type { Ratio } from "./ratios.ts";
import { ratiosOf } from "./ratios.ts";
import type { Direction, Signal } from "./signal.ts";
import { gammaOf, guardedDirections, line, minHitsOf } from "./signal.ts";

/** The chance with which something is seen in time. */
export type Chance = 0.5 | 0.9;

/** Normal quantiles of the chances. */
const Z: Readonly<Record<Chance, number>> = { 0.5: 0, 0.9: 1.2815515655446004 };

/** What a pot has to reach, and what moves it. */
export interface Race {
  /** Log of the pot that is wanted. */
  readonly target: number;
  /** EdgeZero's rate, and legacy's. */
  readonly p: number;
  readonly q: number;
  /** `ρ`: EdgeZero's share of the trials, 0 to 1; 1 is no control, and `q` is what is allowed. */
  readonly share: number;
  /** The part of the purse that is staked on these ratios, above 0. */
  readonly purse: number;
  readonly effect: number;
  readonly chance: Chance;
  /** `δ`: a difference that is granted to EdgeZero. */
  readonly granted?: number;
  /** `R`: a multiple of legacy's rate that is granted to EdgeZero. */
  readonly multiple?: number;
}

/**
 * Trials of EdgeZero until a pot reaches its target. Source: VERDICTS, "preflight", `to`.
 *
 * @returns `null` where the pot does not grow.
 */
export function trialsUntil(ratios: readonly Ratio[], race: Race): number | null {
  const { chance, effect } = race;
  const walks = ratios.map((ratio) => walkOf(ratio, race)).filter((walk) => walk !== null);
  const [first, ...others] = walks;
  if (first === undefined) return null;
  const best = others.reduce((least, walk) => (walk.latest < least.latest ? walk : least), first);
  const { height, drift, variance, latest } = best;
  if (variance === 0) return effect * latest;
  return effect * trialsToPass(height, drift, variance, chance, latest);
}

interface Walk {
  readonly height: number;
  readonly drift: number;
  readonly variance: number;
  /** Trials by which it has reached its height: `root²`. */
  readonly latest: number;
}

function walkOf({ log, excess, logWeight }: Ratio, race: Race): Walk | null {
  const { target, p, q, share: rho, purse, chance, granted = 0, multiple = 1 } = race;
  const odds = (1 - rho) / rho;
  const share = rho >= 1 ? 0 : 1 / (1 + odds / multiple);
  const b = -Math.log1p(share * excess);
  const a = log + b;
  const free = (excess * (1 - share)) / (1 + share * excess);
  const drift = p * a + odds * q * b - granted * free;
  if (!(drift > 0)) return null;
  const variance = p * a ** 2 + odds * q * b ** 2;
  const height = target - Math.log(purse) - logWeight;
  const z = Z[chance];
  const root =
    (z * Math.sqrt(variance) + Math.sqrt(z ** 2 * variance + 4 * drift * height)) / (2 * drift);
  return { height, drift, variance, latest: root ** 2 };
}

/** An EdgeZero of which it is asked when it reads `worse`. */
export interface Fault {
  /** EdgeZero's rate. */
  readonly rate: number;
  /** Its rate in the bet that it is beyond the margin: of a quantile, how many are slower than the margin. */
  readonly far: number;
  /** Legacy's rate. Ignored without a control. */
  readonly base: number;
  readonly direction: Direction;
}

/**
 * Trials of EdgeZero until a fault reads `worse`. Source: VERDICTS, "preflight", `toVerdict`.
 *
 * @returns `null` where it never does.
 */
export function trialsToVerdict(
  signal: Signal,
  { rate, far, base, direction }: Fault,
  { share, purse, effect, chance }: Pick<Race, "share" | "purse" | "effect" | "chance">,
): number | null {
  const ratios = ratiosOf(signal)[direction];
  const isAlone = share >= 1;
  const q = isAlone ? (signal.ceiling ?? 0) : base;
  const race = { q, share, purse: purse / guardedDirections(signal).length, effect, chance };
  const ceiling = { granted: q };
  const worse = trialsUntil(ratios, {
    ...race,
    target: -Math.log(signal.alpha),
    p: rate,
    ...(isAlone ? ceiling : {}),
  });
  const beyond = trialsUntil(ratios, {
    ...race,
    target: -Math.log(gammaOf(signal)),
    p: far,
    ...(isAlone ? ceiling : grantedBy(signal, direction)),
  });
  if (worse === null || beyond === null) return null;
  return Math.max(worse, beyond, minHitsOf(signal) / (direction === "up" ? rate : q));
}

/** What the margin grants to EdgeZero in a bet: a quantile's margin is in its bounds already. */
export function grantedBy(
  signal: Signal,
  direction: Direction,
): Pick<Race, "granted" | "multiple"> {
  const { kind, margin } = signal;
  if (kind === "quantile") return {};
  return "abs" in margin
    ? { granted: line(margin, direction) }
    : { multiple: line(margin, direction) };
}
