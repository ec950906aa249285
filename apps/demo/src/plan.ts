import type { RolloutPlan } from "@edgezero/progression/plan";
import { outlookOf, parsePlan } from "@edgezero/progression/plan";
import { MEAN_RPS } from "./load/day.ts";
import { SOME_ERRORS, USUAL_ERRORS } from "./site/fault.ts";

/** The demo's plan as a config file has it: the runbook's signals, in stages of some seconds. */
export const PLAN = {
  stages: [
    { pct: 10, hold: "30s" },
    { pct: 25, hold: "20s" },
    { pct: 50, hold: "20s" },
    { pct: 100, hold: "20s" },
  ],
  signals: {
    errors: {
      kind: "rate",
      of: "failures",
      margin: { points: 0.1 },
      // A window of the first stage has some 80 requests: two failures of them are no incident.
      ceiling: { rate: 0.03 },
      breach: "rollback",
      weight: 8,
    },
    timeouts: { kind: "rate", of: "timeouts", margin: { times: 2 }, breach: "rollback" },
    p95: {
      kind: "quantile",
      quantile: 0.95,
      margin: { percent: 15 },
      // A hold would last for a quarter of an hour.
      breach: "rollback",
    },
  },
  // Twice this is some ticks of the controller, which asks the gateway once in each window.
  propagation: "3s",
  noData: { grace: "6s", page: "10s", repeat: "30s" },
  window: "2s",
  drain: "2s",
} as const;

/**
 * How many failures count as one event after so short a warm-up. The failures are independent, but less than
 * a minute of them proves little of that.
 */
const DESIGN_EFFECT = 2;

/** When a fault would be found. */
export interface Outlook {
  readonly pct: number;
  /** In half of all cases; `null`: never. */
  readonly seconds: number | null;
}

/** How soon errors of {@link SOME_ERRORS} would be found in each stage, by the demo's mean traffic. */
export function outlook(): Outlook[] {
  const { rows } = outlookOf(planOfDemo(), {
    rps: MEAN_RPS,
    rates: { errors: USUAL_ERRORS, timeouts: 0 },
    failureRates: [SOME_ERRORS],
    designEffect: { errors: DESIGN_EFFECT },
  });
  return rows
    .filter(({ signal }) => signal === "errors")
    .map(({ pct, detects: [found] }) => ({
      pct,
      seconds: found?.minutes == null ? null : found.minutes * 60,
    }));
}

function planOfDemo(): RolloutPlan {
  const { plan } = parsePlan(PLAN);
  if (plan === null) throw new Error("the plan of the demo is not valid");
  return plan;
}
