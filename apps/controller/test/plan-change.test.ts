import { afterEach, beforeEach, expect, test } from "vitest";
import type { Measured } from "../src/loop/askers.ts";
import { SHORT_PLAN, SIMULATED } from "./simulated-site.ts";
import { ask, Stage, stateOf } from "./stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = new Stage();
  const rollout = await stage.open();
  await stage.step(rollout);
  await ask(rollout, "start");
  await stage.until(rollout, "observing");
  await rollout.close();
});
afterEach(() => stage.remove());

test("sources count by the plan of the rollout, and by that of the config after a reset", async () => {
  const opened: Measured[] = [];
  const plan = { ...SHORT_PLAN, windowMs: 2000 };
  const rollout = await stage.open(stage.ports(), {
    plan,
    sources: (measured) => {
      opened.push(measured);
      return [stage.site];
    },
  });
  await stage.step(rollout);
  expect(opened.map(({ windowMs }) => windowMs)).toEqual([1000]);
  stage.site.failing.canary = 1;
  await stage.until(rollout, "rolled-back", 10);
  await ask(rollout, "reset");
  await stage.step(rollout);
  expect(opened.map(({ windowMs }) => windowMs)).toEqual([1000, 2000]);
  await rollout.close();
});

test("a source that the config has no more is missing, and the rollout holds", async () => {
  const rollout = await stage.open(stage.ports(), {
    site: { ...SIMULATED, source: "prometheus" },
    sources: () => [],
  });
  await stage.until(rollout, "held: blind", 400);
  expect(rollout.views.latest().sources).toMatchObject([
    { name: "scrape", missing: expect.stringContaining("no such source") as string },
  ]);
  await rollout.close();
  expect(stateOf(rollout)).toBe("held: blind");
});
