import { expect, test } from "vitest";
import { Rollout } from "../../test/site.ts";

test("a healthy rollout goes through every stage, one at a time, to its end", () => {
  const rollout = new Rollout().begin();
  rollout.until("completed");
  const raises = rollout.effects.flatMap((effect) => (effect.type === "raise" ? [effect.pct] : []));
  expect(raises).toEqual([10, 50, 100]);
  expect(rollout.pages()).toEqual([]);
});

test("EdgeZero that fails is rolled back, and the rollback is proven", () => {
  const rollout = new Rollout().begin();
  rollout.until("rolled-back", 40, { failures: 20 });
  expect(rollout.pct).toBe(0);
  expect(rollout.state.phase).toMatchObject({
    rollback: { cause: { kind: "worse", signal: "errors" } },
  });
});
