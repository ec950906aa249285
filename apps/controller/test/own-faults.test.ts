import type { EvidenceWindow } from "@edgezero/progression";
import { expect, onTestFinished, test } from "vitest";
import { ask, Stage, stateOf } from "./stage.ts";

async function observing(): Promise<{
  stage: Stage;
  rollout: Awaited<ReturnType<Stage["open"]>>;
}> {
  const stage = new Stage();
  onTestFinished(() => stage.remove());
  const rollout = await stage.open();
  onTestFinished(async () => rollout.close());
  await stage.step(rollout);
  await ask(rollout, "start");
  await stage.until(rollout, "observing");
  return { stage, rollout };
}

test("a source that throws is a fault of the controller's: it holds, pages, and the loop goes on", async () => {
  const { stage, rollout } = await observing();
  const read = stage.site.read.bind(stage.site);
  // What the reducer looks at throws: a fault that no source is allowed to have.
  stage.site.read = async () => {
    const windows = new Proxy<EvidenceWindow[]>([], {
      get() {
        throw new Error("a fault inside");
      },
    });
    return { kind: "windows", newest: null, windows };
  };
  await stage.step(rollout);
  expect(stateOf(rollout)).toBe("held: fault");
  expect(rollout.counts()).toMatchObject({ faults: 1, pages: { fault: 1 } });
  expect(rollout.isReady()).toBe(false);
  stage.site.read = read;
  for (let i = 0; i < 5; i += 1) await stage.step(rollout);
  expect(stateOf(rollout)).not.toBe("held: fault");
  expect(rollout.isReady()).toBe(true);
  await stage.until(rollout, "completed");
});

test("a listener that throws costs no other one a view", async () => {
  const { stage, rollout } = await observing();
  const ids: number[] = [];
  let isFirst = true;
  rollout.views.subscribe(null, () => {
    if (!isFirst) throw new Error("a broken stream");
    isFirst = false;
  });
  rollout.views.subscribe(null, (id) => ids.push(id));
  await stage.step(rollout);
  await new Promise((resolve) => setImmediate(resolve));
  expect(ids.length).toBeGreaterThan(1);
  expect(rollout.counts().faults).toBeGreaterThan(0);
});

test("a store that throws inside a write of 0 is tried again", async () => {
  const { stage, rollout } = await observing();
  await rollout.close();
  const ports = stage.ports();
  let calls = 0;
  const overwrite: typeof ports.store.overwrite = (to, who) => {
    calls += 1;
    // Not even a promise.
    if (calls < 3) throw new TypeError("broken");
    return ports.store.overwrite(to, who);
  };
  const next = await stage.open({ ...ports, store: { ...ports.store, overwrite } });
  await stage.step(next);
  await ask(next, "rollback");
  await stage.until(next, "rolled-back");
  await next.close();
  expect(calls).toBeGreaterThanOrEqual(3);
  expect(await ports.store.read()).toMatchObject({ edgezero_rollout_pct: "0" });
});

test("a rollout that can take no event at all is shown as unavailable, and pages", async () => {
  const { stage, rollout } = await observing();
  await rollout.close();
  const next = await stage.open();
  onTestFinished(async () => next.close());
  // A state that no code of this program makes: every event fails on it, and so does an explanation.
  Object.assign(next.state(), { rules: null });
  await stage.step(next);
  const view = next.views.latest();
  expect(view).toMatchObject({ state: "unavailable", pages: [{ reason: "unavailable" }] });
  expect(view.sentence).toContain("the controller has a fault of its own");
  expect(next.isReady()).toBe(false);
  const { incident } = view.pages[0] ?? {};
  await stage.step(next);
  expect(next.views.latest().pages[0]?.incident).toBe(incident);
  expect(await stage.ports().store.read()).toMatchObject({ edgezero_rollout_pct: "10" });
});
