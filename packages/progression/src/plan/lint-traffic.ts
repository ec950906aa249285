import type { PreflightRow } from "../statistics/index.ts";
import { preflight } from "../statistics/index.ts";
import type { PlanFinding } from "./finding.ts";
import { finding } from "./finding.ts";
import type { PlanContext } from "./plan-context.ts";
import { preflightPlanOf } from "./plan-preflight.ts";
import type { RolloutPlan } from "./rollout-plan.ts";

/** Finds stages whose traffic is too little for what the plan asks of them. */
export function lintTraffic(plan: RolloutPlan, context: PlanContext): PlanFinding[] {
  const { rps } = context;
  if (rps === undefined || !isTraffic(rps)) return [];
  const rates = context.rates ?? {};
  const rows = preflight(preflightPlanOf(plan, context.bounds), {
    rps,
    rates,
    windowSeconds: plan.windowMs / 1000,
  });
  return [...lintRequests(plan, rows), ...rows.flatMap((row) => lintRow(plan, context, row))];
}

function isTraffic(rps: number | readonly number[]): boolean {
  const all = typeof rps === "number" ? [rps] : rps;
  const isHours = typeof rps === "number" || rps.length === 24;
  return isHours && all.every((one) => Number.isFinite(one) && one >= 0);
}

function lintRequests({ stages }: RolloutPlan, rows: readonly PreflightRow[]): PlanFinding[] {
  return stages.flatMap(({ minRequests }, stage) => {
    const trials = rows.find((row) => row.stage === stage)?.trials ?? Infinity;
    if (trials >= minRequests) return [];
    const message = `the hold brings about ${Math.floor(trials)} requests to EdgeZero, of ${minRequests}`;
    const allowed = "a longer hold, or fewer requests";
    return [finding("requests-out-of-reach", `/stages/${stage}/minRequests`, message, allowed)];
  });
}

/** Rows of signals whose rate is unknown say nothing, and neither do those at 100%. */
function lintRow(plan: RolloutPlan, { rates = {} }: PlanContext, row: PreflightRow): PlanFinding[] {
  const signal = plan.signals.find(({ name }) => name === row.signal);
  const stage = plan.stages[row.stage];
  const isKnown = signal?.kind === "quantile" || Object.hasOwn(rates, row.signal);
  if (signal === undefined || stage === undefined || !isKnown || row.pct >= 100) return [];
  const holdMinutes = stage.holdMs / 60_000;
  const place = `/stages/${row.stage}/hold`;
  const found: PlanFinding[] = [];
  if ((row.doubleMarginMinutes ?? Infinity) > holdMinutes) {
    const message = `twice the margin of ${row.signal} is not seen within the hold`;
    found.push(finding("stage-too-short", place, message, atLeast(row.doubleMarginMinutes)));
  }
  const isProofAsked = plan.advance === "proven" && signal.required;
  if (isProofAsked && (row.proofMinutes ?? Infinity) > holdMinutes) {
    const message = `${row.signal} is not proven to be within its margin within the hold`;
    found.push(finding("proof-out-of-reach", place, message, atLeast(row.proofMinutes)));
  }
  return found;
}

function atLeast(minutes: number | null): string {
  return minutes === null ? "a wider margin, or more traffic" : `at least ${Math.ceil(minutes)}m`;
}
