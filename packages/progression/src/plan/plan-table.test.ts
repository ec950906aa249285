import { expect, test } from "vitest";
import { durationMs, durationText } from "./duration.ts";
import { freezeText, parseFreeze } from "./freeze.ts";
import { parsePlan } from "./parse-plan.ts";
import { outlookOf } from "./plan-preflight.ts";
import { planTable } from "./plan-table.ts";
import type { RolloutPlan } from "./rollout-plan.ts";

function planOf(data: unknown): RolloutPlan {
  const { plan } = parsePlan(data);
  if (plan === null) throw new Error("not a plan");
  return plan;
}

const FULL = planOf({
  stages: [
    { pct: 10, hold: "90m", minRequests: 20_000, approval: true },
    { pct: 100, hold: "2d" },
  ],
  advance: "proven",
  signals: {
    errors: { kind: "rate", margin: { points: 0.1 }, ceiling: { rate: 0.02 }, breach: "rollback" },
    p99: {
      kind: "quantile",
      quantile: 0.99,
      margin: { percent: 15 },
      ceiling: { ms: 800 },
      breach: "hold",
      rollbackAfter: "1h",
      required: false,
    },
    wins: {
      kind: "rate",
      of: { hits: { metric: "wins_total" }, trials: { metric: "bids_total" } },
      margin: { percent: 1 },
      worse: "both",
      breach: "hold",
      minTrials: 1000,
      source: "prometheus",
    },
  },
  freeze: ["Fri 16:00 - Mon 08:00 Europe/Berlin"],
  noData: { rollbackAfter: "30m" },
  propagation: "2m",
});

test("a plan is shown with what it says, and what it means where it says nothing", () => {
  const { stages, signals, settings } = planTable(FULL);
  expect(stages.slice(1)).toEqual([
    ["1", "10%", "90m", "20000", "to leave it"],
    ["2", "100%", "2d", "100", "no"],
  ]);
  expect(signals.slice(1).map((row) => row.slice(0, 6))).toEqual([
    ["errors", "failures", "0.1 points up", "2%", "rolls back", "yes"],
    ["p99", "p99 of latency", "15% up", "800 ms", "holds, rolls back after 1h", "no"],
    ["wins", "wins_total of bids_total", "1% either way", "-", "holds", "yes"],
  ]);
  expect(signals.at(-1)?.slice(6)).toEqual(["1%", "1000 trials, 5 hits", "prometheus"]);
  expect(Object.fromEntries(settings.slice(1))).toMatchObject({
    advance: "proven",
    freeze: "Fri 16:00 - Mon 08:00 Europe/Berlin",
    "noData.grace": "2m",
    "noData.rollbackAfter": "30m",
    propagation: "2m",
    drain: "5m",
  });
});

test.each(["0s", "45s", "90s", "30m", "36h", "2d"])(
  "%s is spelled so that it reads the same",
  (text) => {
    const ms = durationMs(text) ?? NaN;
    expect(durationMs(durationText(ms))).toBe(ms);
  },
);

test("a freeze is spelled as it was", () => {
  const text = "Sun 23:05 - Mon 00:59 America/New_York";
  const freeze = parseFreeze(text);
  expect(freeze === null ? null : freezeText(freeze)).toBe(text);
});

test("a rate that is unknown is not taken for 0", () => {
  const { rows, unknown } = outlookOf(FULL, { rps: 500, rates: { errors: 0.001 } });
  expect(unknown).toEqual(["wins"]);
  expect(rows.map(({ pct, signal }) => `${signal} at ${pct}%`)).toEqual([
    "errors at 10%",
    "p99 at 10%",
    "errors at 100%",
    "p99 at 100%",
    "wins at 100%",
  ]);
  expect(rows[0]?.sentence).toMatch(
    /^errors, 90 min at 10% of 500 rps: a fault of \+0\.\d+ points/,
  );
});
