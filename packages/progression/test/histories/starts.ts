import type { RolloutPlan } from "../../src/plan/rollout-plan.ts";
import { changed, PLAN, Rollout, SITE } from "../site.ts";

/** Stages that a history of forty events can pass. */
const QUICK: RolloutPlan = {
  ...changed(PLAN, { holdMs: 45_000 }),
  noData: { ...PLAN.noData, graceMs: 30_000, pageMs: 60_000 },
};
const THIN = { minTrials: 900 };
const ADVISORY = { required: false };

/** Plans that differ in each rule that keeps a rollout back. */
export const PLANS: Readonly<Record<string, RolloutPlan>> = {
  quick: QUICK,
  approvals: changed(QUICK, { approval: true }),
  // From 12:06 to 12:12 of the Thursday on which histories begin.
  frozen: { ...QUICK, freeze: [{ from: 3 * 1440 + 726, to: 3 * 1440 + 732, zone: "UTC" }] },
  proven: {
    ...changed(QUICK, {}, { errors: { margin: { abs: 0.05 } }, timeouts: ADVISORY, p95: ADVISORY }),
    advance: "proven",
  },
  thin: changed(QUICK, { minRequests: 3000 }, { errors: THIN, timeouts: THIN, p95: THIN }),
  ceilings: changed(QUICK, {}, { p95: { ceiling: 1000, rollbackAfterMs: 900_000 } }),
};

function begun(plan: RolloutPlan, pct: number, probes: boolean): Rollout {
  const rollout = new Rollout(plan, { ...SITE, probes });
  rollout.readStore();
  rollout.passes(20);
  if (pct === 0) return rollout;
  rollout.command("start");
  for (let i = 0; i < 200 && rollout.pct < pct; i += 1) {
    rollout.pass();
    const { phase } = rollout.state;
    const stage = "pass" in phase ? phase.pass.stage + 1 : 0;
    if (phase.name === "awaiting-approval") rollout.command("approve", { stage });
  }
  if (rollout.pct !== pct) throw new Error(`${rollout.name} at ${rollout.pct}%`);
  return rollout;
}

export interface Start {
  readonly name: string;
  readonly rollout: Rollout;
}

/** Where histories begin: before the start, and in each stage. */
export const STARTS: readonly Start[] = Object.entries(PLANS).flatMap(([name, plan]) =>
  [0, 10, 50, 100].map((pct) => ({
    name: `${name} at ${pct}%`,
    rollout: begun(plan, pct, pct !== 50),
  })),
);
