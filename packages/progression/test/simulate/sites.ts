import type { SimulatedStage } from "./rollout.ts";
import type { Site } from "./site.ts";

/** The runbook's stages before the cutover. */
export const STAGES: readonly SimulatedStage[] = [
  { pct: 1, minutes: 30 },
  { pct: 10, minutes: 120 },
  { pct: 50, minutes: 1440 },
];

const usual = { rps: 500, rate: 0.001, rhythm: true };

/** Sites whose EdgeZero is as good as legacy. */
export const HEALTHY: readonly Site[] = [
  { name: "20 rps, 0.1%", rps: 20, rate: 0.001, rhythm: true },
  { name: "100 rps, 0.1%", rps: 100, rate: 0.001, rhythm: true },
  { name: "500 rps, 0.01%", rps: 500, rate: 0.0001, rhythm: true },
  { name: "500 rps, 0.1%", ...usual },
  { name: "500 rps, 1%", rps: 500, rate: 0.01, rhythm: true },
  { name: "2000 rps, 0.1%", rps: 2000, rate: 0.001, rhythm: true },
  { name: "2000 rps, 1%", rps: 2000, rate: 0.01, rhythm: true },
  { name: "500 rps, 0.1%, bursts of 3", ...usual, burst: 3 },
  { name: "20 rps, 0.1%, bursts of 10", rps: 20, rate: 0.001, rhythm: true, burst: 10 },
  { name: "500 rps, 0.1%, bursts of 10", ...usual, burst: 10 },
  { name: "500 rps, 0.1%, bursts of 30", ...usual, burst: 30 },
  { name: "500 rps, 0.1%, 6 incidents a day (x10, 10 min, both)", ...usual, incidents: 6 },
  { name: "500 rps, 1%, 6 incidents a day", ...usual, rate: 0.01, incidents: 6 },
  { name: "500 rps, 0.1%, bursts of 10, 6 incidents a day", ...usual, burst: 10, incidents: 6 },
  { name: "500 rps, 0.1%, both rates wander by 30% a minute", ...usual, wander: 0.3 },
  { name: "500 rps, 0.1%, share of requests 0.4 to 2.7 times the percentage", ...usual, shares: 1 },
  {
    name: "500 rps, 0.1%, both paths down for 5 min at 1% and at 10%",
    ...usual,
    outages: [10, 60],
  },
];

const HOLDS = [
  { pct: 1, minutes: 30 },
  { pct: 10, minutes: 120 },
];

/** Sites whose EdgeZero fails more than legacy's 0.1 %, each with the stage it is looked at in. */
export const FAULTY: readonly { readonly site: Site; readonly stage: SimulatedStage }[] = [
  ...[20, 100, 500, 2000].flatMap((rps) =>
    HOLDS.flatMap((stage) =>
      [0.002, 0.005, 0.02, 1].map((canaryRate) => {
        const name = `${rps} rps, ${stage.pct}%: ${100 * canaryRate}%`;
        return { site: { name, rps, rate: 0.001, canaryRate }, stage };
      }),
    ),
  ),
  ...[0.005, 0.02, 1].map((canaryRate) => ({
    site: {
      name: `500 rps, 1%: ${100 * canaryRate}%, bursts of 10`,
      rps: 500,
      rate: 0.001,
      canaryRate,
      burst: 10,
    },
    stage: { pct: 1, minutes: 30 },
  })),
];

/** EdgeZero at half the margin, which ought to be left alone. */
export const WITHIN: readonly { readonly site: Site; readonly stage: SimulatedStage }[] =
  STAGES.map((stage) => ({
    site: { name: `500 rps, ${stage.pct}%: 0.15%`, rps: 500, rate: 0.001, canaryRate: 0.0015 },
    stage,
  }));
