import { expect, onTestFinished, test } from "vitest";
import { ask, Stage } from "./stage.ts";

test("the timeline says by which values a stage was passed, and EdgeZero was rolled back", async () => {
  const stage = new Stage();
  const rollout = await stage.open();
  onTestFinished(async () => {
    await rollout.close();
    stage.remove();
  });
  await stage.step(rollout);
  await ask(rollout, "start");
  for (let i = 0; rollout.views.latest().stage !== 2 && i < 200; i += 1) await stage.step(rollout);
  stage.site.failing.canary = 1;
  await stage.until(rollout, "rolled-back");

  const { timeline } = rollout.views.latest();
  const told = timeline.map((entry) => {
    const what = "to" in entry ? entry.to : "pct" in entry ? entry.pct : entry.kind;
    return `${what}: ${entry.evidence ?? "no evidence"}`;
  });
  expect(told.find((each) => each.startsWith("50:"))).toMatch(/^50: errors: .*\d%/);
  const back = told.find((each) => each.startsWith("rolling-back"));
  expect(back).toMatch(
    /^rolling-back: EdgeZero was proven worse .* by the signal errors\. errors: .*\d%/,
  );
  // Time alone, or a result of the controller's own, is no evidence.
  expect(told).toContain("observing: no evidence");
  expect(told.at(-1)).toBe("rolled-back: no evidence");
});
