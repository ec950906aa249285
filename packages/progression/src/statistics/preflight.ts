import { ratiosOf } from "./ratios.ts";
import type { Direction, Signal } from "./signal.ts";
import { betaOf, guardedDirections, line, OPPOSITE, quantileOf, twiceLine } from "./signal.ts";
import { FIRST, LATER } from "./stage.ts";
import type { Traffic } from "./traffic.ts";
import { minutesUntil, requestsWithin } from "./traffic.ts";
import type { Chance } from "./waiting.ts";
import { grantedBy, trialsToVerdict, trialsUntil } from "./waiting.ts";

/** Stages and signals of a rollout. */
export interface PreflightPlan {
  /** In their order; `pct` above 0, up to 100. */
  readonly stages: readonly { readonly pct: number; readonly holdMinutes: number }[];
  readonly signals: readonly Signal[];
}

/** What one signal can show in one stage. */
export interface PreflightRow {
  /** From 0. */
  readonly stage: number;
  readonly pct: number;
  readonly signal: string;
  /** EdgeZero's in the hold. */
  readonly trials: number;
  /**
   * On the estimate's scale: what is seen within the hold with 90 %; without a control: how far above the
   * ceiling. `null`: nothing is seen.
   */
  readonly smallest: number | null;
  /** Median minutes until `worse`, for each failure rate; `null`: never, or not in 30 days. */
  readonly detects: readonly { readonly rate: number; readonly minutes: number | null }[];
  /** Minutes by which twice the margin is seen with 90 %: the hold that the margin asks for. */
  readonly doubleMarginMinutes: number | null;
  /** Minutes by which an EdgeZero that equals legacy is proven `not-worse` with 90 %. */
  readonly proofMinutes: number | null;
}

/** What a stage of a plan can be expected to show, before it begins: a row for each stage and signal. */
export function preflight(plan: PreflightPlan, traffic: Traffic): PreflightRow[] {
  return plan.stages.flatMap(({ pct, holdMinutes }, stage) =>
    plan.signals.map((signal) => ({
      stage,
      pct,
      signal: signal.id,
      ...lookAhead({ signal, traffic, stage, share: pct / 100, holdMinutes }),
    })),
  );
}

interface Look {
  readonly signal: Signal;
  readonly traffic: Traffic;
  readonly stage: number;
  readonly share: number;
  readonly holdMinutes: number;
}

type Facts = Omit<PreflightRow, "stage" | "pct" | "signal">;

/** Source: VERDICTS, "preflight". */
function lookAhead(look: Look): Facts {
  const { signal, traffic, share, holdMinutes } = look;
  const trials = requestsWithin(traffic, holdMinutes) * trialsOfRequest(look);
  const nothing = { smallest: null, detects: [], doubleMarginMinutes: null, proofMinutes: null };
  if (share >= 1) {
    if (signal.kind === "quantile" || signal.ceiling === undefined) return { trials, ...nothing };
    const { ceiling } = signal;
    const least = leastRate(look, ceiling, trials);
    const smallest = least === null ? null : least - ceiling;
    return { ...nothing, trials, smallest, detects: detects(look, ceiling) };
  }
  const base = baseRate(look);
  const least = leastRate(look, base, trials);
  return {
    trials,
    smallest: least === null ? null : onEstimatesScale(look, base, least),
    detects: detects(look, base),
    doubleMarginMinutes: minutesOf(look, trialsFor(look, twiceTheMargin(look, base), 0.9)),
    proofMinutes: minutesOf(look, trialsOfProof(look, base)),
  };
}

function directionOf({ signal }: Look): Direction {
  return guardedDirections(signal)[0] ?? "up";
}

function baseRate({ signal, traffic }: Look): number {
  return signal.kind === "quantile" ? 1 - quantileOf(signal) : (traffic.rates[signal.id] ?? 0);
}

function tailIndexOf({ traffic: { tailIndex = 2.5 } }: Look): number {
  return tailIndex;
}

function effectOf({ signal, traffic }: Look): number {
  return traffic.designEffect?.[signal.id] ?? 1;
}

/** EdgeZero's trials for each request of both paths. */
function trialsOfRequest({ signal, traffic, share }: Look): number {
  return share * (traffic.trialsPerRequest?.[signal.id] ?? 1);
}

function minutesOf(look: Look, trials: number | null): number | null {
  return trials === null ? null : minutesUntil(look.traffic, trials / trialsOfRequest(look));
}

/** Trials until EdgeZero with this rate reads `worse`, in a purse from which each stage before took nine tenths. */
function trialsFor(look: Look, rate: number, chance: Chance): number | null {
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
function leastRate(look: Look, from: number, trials: number): number | null {
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

function onEstimatesScale(look: Look, base: number, rate: number): number | null {
  if (look.signal.kind === "quantile") return (rate / base) ** (1 / tailIndexOf(look));
  if ("abs" in look.signal.margin) return rate - base;
  return base > 0 ? rate / base : null;
}

function detects(look: Look, from: number): PreflightRow["detects"] {
  const { signal, traffic } = look;
  const { failureRates = [0.005, 0.02, 0.1, 1] } = traffic;
  if (signal.kind === "quantile" || directionOf(look) !== "up") return [];
  return failureRates.map((rate) => ({
    rate,
    minutes: rate > from ? minutesOf(look, trialsFor(look, rate, 0.5)) : null,
  }));
}

function twiceTheMargin(look: Look, base: number): number {
  const { signal } = look;
  const twice = twiceLine(signal.margin, directionOf(look));
  if (signal.kind === "quantile") return base * twice ** tailIndexOf(look);
  return "abs" in signal.margin ? base + twice : base * twice;
}

/** Trials until an EdgeZero that equals legacy is proven to be within the margin. */
function trialsOfProof(look: Look, base: number): number | null {
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
