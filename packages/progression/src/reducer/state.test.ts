import { expect, test } from "vitest";
import { PLAN, Rollout } from "../../test/site.ts";

const HOUR = 3_600_000;

test("a state with four signals is at most 64 KiB, also after weeks of traffic of any size", () => {
  const [errors, timeouts, p95] = PLAN.signals;
  if (errors === undefined || timeouts === undefined || p95 === undefined)
    throw new Error("signals");
  const fourth = { ...p95, name: "p99", quantile: 0.99 };
  const rollout = new Rollout({ ...PLAN, signals: [errors, timeouts, p95, fourth] });
  rollout.readStore();
  rollout.alter = (one) => {
    const buckets = [1, 1e12 / 7, 1e12 / 3, 1, 1e12 / 9, 1, 1, 1];
    const trials = 1e14 / 3;
    const rates = { errors: { trials, hits: 1e9 / 7 }, timeouts: { trials, hits: 1e8 / 7 } };
    const signals = { ...rates, p95: { buckets }, p99: { buckets } };
    return { ...one, canary: { ...one.canary, signals }, control: { ...one.control, signals } };
  };
  for (let hour = 0; hour < 24 * 15; hour += 1) {
    rollout.at += HOUR;
    rollout.pass();
  }
  rollout.begin();
  rollout.passes(50);
  const bytes = JSON.stringify(rollout.state).length;
  expect(bytes).toBeLessThanOrEqual(65_536);
  expect(bytes).toBeGreaterThan(20_000);
});
