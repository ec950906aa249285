import type { Direction, Signal } from "./signal.ts";
import { betaOf, guardedDirections, line, OPPOSITE, quantileOf, twiceLine } from "./signal.ts";
import { ratiosOf } from "./ratios.ts";
import { FIRST, LATER } from "./stage.ts";
import type { Traffic } from "./traffic.ts";
import { minutesUntil } from "./traffic.ts";
import type { Chance } from "./waiting.ts";
import { grantedBy, trialsToVerdict, trialsUntil } from "./waiting.ts";

/** One signal in one stage of a plan. */
export interface Look {
  readonly signal: Signal;
  readonly traffic: Traffic;
  readonly stage: number;
  readonly share: number;
  readonly holdMinutes: number;
}

export function directionOf({ signal }: Look): Direction {
  return guardedDirections(signal)[0] ?? "up";
}

export function baseRate({ signal, traffic }: Look): number {
  return signal.kind === "quantile" ? 1 - quantileOf(signal) : (traffic.rates[signal.id] ?? 0);
}

export function tailIndexOf({ traffic: { tailIndex = 2.5 } }: Look): number {
  return tailIndex;
}

function effectOf({ signal, traffic }: Look): number {
  return traffic.designEffect?.[signal.id] ?? 1;
}

/** EdgeZero's trials for each request of both paths. */
export function trialsOfRequest({ signal, traffic, share }: Look): number {
  return share * (traffic.trialsPerRequest?.[signal.id] ?? 1);
}

export function minutesOf(look: Look, trials: number | null): number | null {
  return trials === null ? null : minutesUntil(look.traffic, trials / trialsOfRequest(look));
}

/** Trials until EdgeZero with this rate reads `worse`, in a purse from which each stage before took nine tenths. */
export function trialsFor(look: Look, rate: number, chance: Chance): number | null {
  const { signal, stage, share } = look;
  const base = baseRate(look);
  const direction = directionOf(look);
  const isSeen = rate >= 0 && rate <= 1 && (direction === "up" ? rate : base) > 0;
  if (!isSeen) return null;
  const far =
    signal.kind === "quantile" ? rate * line(signal.margin, direction) ** -tailIndexOf(look) : rate;
  const purse = FIRST * LATER ** stage;
  const effect = effectOf(look);
  return trialsToVerdict(signal, { rate, far, base, direction }, { share, purse, effect, chance });
}

/** The rate nearest to `from` that is seen within the hold with 90 %. */
export function leastRate(look: Look, from: number, trials: number): number | null {
  const isSeen = (rate: number): boolean => (trialsFor(look, rate, 0.9) ?? Infinity) <= trials;
  let seen = directionOf(look) === "up" ? 1 : 0;
  if (!isSeen(seen)) return null;
  let unseen = from;
  for (let halving = 0; halving < 50; halving += 1) {
    const middle = (seen + unseen) / 2;
    if (isSeen(middle)) seen = middle;
    else unseen = middle;
  }
  return (seen + unseen) / 2;
}

/** EdgeZero's rate at twice the margin. */
export function twiceTheMargin(look: Look, base: number): number {
  const { signal } = look;
  const twice = twiceLine(signal.margin, directionOf(look));
  if (signal.kind === "quantile") return base * twice ** tailIndexOf(look);
  return "abs" in signal.margin ? base + twice : base * twice;
}

/** Trials until an EdgeZero that equals legacy is proven to be within the margin. */
export function trialsOfProof(look: Look, base: number): number | null {
  const { signal, share } = look;
  const direction = directionOf(look);
  const isQuantile = signal.kind === "quantile";
  if (!(base > 0) && direction === "down") return null;
  return trialsUntil(ratiosOf(signal)[OPPOSITE[direction]], {
    target: Math.log(2 / betaOf(signal)),
    p: isQuantile ? base * line(signal.margin, direction) ** -tailIndexOf(look) : base,
    q: base,
    share,
    purse: 1,
    effect: effectOf(look),
    chance: 0.9,
    ...grantedBy(signal, direction),
  });
}
