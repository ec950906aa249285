import { expect, test } from "vitest";
import { Rollout, WINDOW } from "../../test/site.ts";

function fault(rollout: Rollout): void {
  rollout.send({ type: "faulted", at: rollout.at });
}

test("a fault of the controller's own holds and pages, and is over after 3 ticks without one", () => {
  const rollout = new Rollout().begin();
  rollout.tick();
  fault(rollout);
  expect(rollout.name).toBe("held: fault");
  expect(rollout.pages()).toEqual(["fault"]);
  for (let i = 0; i < 3; i += 1) rollout.tick(WINDOW);
  expect(rollout.name).toBe("held: fault");
  rollout.tick(WINDOW);
  expect(rollout.name).toBe("observing");
});

test("a fault in each tick goes on holding, and EdgeZero that fails is rolled back all the same", () => {
  const rollout = new Rollout().begin();
  for (let i = 0; i < 20; i += 1) {
    rollout.tick(WINDOW);
    fault(rollout);
  }
  expect(rollout.name).toBe("held: fault");
  rollout.until("rolled-back", 40, { failures: 20 });
  expect(rollout.pct).toBe(0);
});

test("where nothing is exposed a fault changes nothing", () => {
  const rollout = new Rollout();
  fault(rollout);
  expect(rollout.name).toBe("idle");
  expect(rollout.pages()).toEqual([]);
});
