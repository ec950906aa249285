import type { Look } from "./look.ts";
import {
  baseRate,
  directionOf,
  leastRate,
  minutesOf,
  tailIndexOf,
  trialsFor,
  trialsOfProof,
  trialsOfRequest,
  twiceTheMargin,
} from "./look.ts";
import type { Signal } from "./signal.ts";
import type { Traffic } from "./traffic.ts";
import { requestsWithin } from "./traffic.ts";

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
