import { describe, expect, test } from "vitest";
import { statesOfHistories } from "../../test/random-states.ts";
import { changed, MINUTE, PLAN, Rollout, START, WINDOW } from "../../test/site.ts";
import { P95 } from "../../test/arbitraries.ts";
import type { Advisory } from "./advisory.ts";
import { learnAdvisory, NO_ADVISORY, readAdvisory } from "./advisory.ts";
import { explain } from "./explain.ts";
import { reduce } from "./reduce.ts";
import type { RolloutEvent } from "./event.ts";

const ERRORS = {
  id: "errors",
  kind: "rate",
  worse: "up",
  alpha: 0.01,
  margin: { abs: 0.01 },
} as const;
const HOUR = 60 * MINUTE;

/** Windows of an hour, each with as many hits of 1,000 trials as `hits` says. */
function learned(hours: number, hits: (hour: number) => number): Advisory {
  let advisory = NO_ADVISORY;
  for (let hour = 0; hour < hours; hour += 1) {
    const counts = { trials: 1000, hits: hits(hour) };
    const when = { to: START + hour * HOUR + WINDOW, isExposed: false };
    advisory = learnAdvisory(ERRORS, advisory, counts, when);
  }
  return advisory;
}

describe("what legacy did before", () => {
  test("the same hour of the 7 days before, and no other hour", () => {
    const advisory = learned(24 * 9, (hour) => (hour % 24 === 0 ? Math.floor(hour / 24) : 900));
    const { sameHour } = readAdvisory(ERRORS, advisory, START + 9 * 24 * HOUR);
    // Days 2 to 8: 2 to 8 hits of 1,000.
    expect(sameHour).toEqual({ value: 0.005, trials: 7000, days: 7 });
  });

  test("an hour of which no day is known has no value", () => {
    const advisory = learned(3, () => 1);
    expect(readAdvisory(ERRORS, advisory, START + 12 * HOUR)).toEqual({
      earlier: null,
      sameHour: null,
    });
  });

  test("the quantile of a latency", () => {
    const buckets = [0, 90, 0, 0, 10, 0, 0, 0, 0, 0];
    const when = { to: START, isExposed: true };
    const advisory = learnAdvisory(P95, NO_ADVISORY, { buckets }, when);
    const { earlier } = readAdvisory(P95, advisory, START);
    expect(earlier?.trials).toBe(100);
    expect(earlier?.value).toBeCloseTo(0.3 * (0.4 / 0.3) ** 0.5, 10);
  });

  test("is kept for a week and no longer", () => {
    expect(learned(24 * 20, () => 1).hours.length).toBe(7 * 24);
  });
});

test("at 100% legacy's earlier stages are shown beside each signal, and before that they are not", () => {
  const rollout = new Rollout(changed(PLAN, { holdMs: 120_000 })).begin();
  rollout.pass({}, { failures: 18 });
  expect(explain(rollout.state).signals[0]?.advisory).toBeNull();
  while (rollout.pct < 100) rollout.pass();
  rollout.pass();
  const { advisory } = explain(rollout.state).signals[0] ?? {};
  expect(advisory?.sentence).toMatch(
    /^For comparison only \(it decides nothing\): legacy had 0\.\d+% beside the earlier stages\.$/,
  );
  expect(advisory?.earlier?.trials).toBeGreaterThan(10_000);
});

test("a reset forgets the earlier stages, and keeps the hours of the week", () => {
  const rollout = new Rollout().begin();
  rollout.passes(4);
  rollout.command("rollback");
  rollout.command("reset");
  const { advisory } = rollout.state;
  expect(advisory["errors"]).toMatchObject({ earlier: null, hour: { counts: { hits: 0 } } });
});

test("it decides nothing: without it the same events have the same effects", () => {
  for (const state of statesOfHistories(100, 7)) {
    const without = { ...state, advisory: {} };
    const at = state.now + WINDOW;
    const events: RolloutEvent[] = [
      { type: "tick", at },
      { type: "store", at, pct: state.store?.pct ?? 0, epoch: state.store?.epoch ?? null },
      { type: "evidence-failed", at, source: "scrape" },
    ];
    for (const event of events) {
      const [own, other] = [reduce(state, event), reduce(without, event)];
      expect(other.effects).toEqual(own.effects);
      expect({ ...other.state, advisory: null }).toEqual({ ...own.state, advisory: null });
    }
  }
});
