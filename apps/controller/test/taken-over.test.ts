import { makeChange } from "@edgezero/operations/change/make-change";
import { coordinationOf } from "@edgezero/operations/operation";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RunningRollout } from "../src/environment/running-rollout.ts";
import { ask, Stage, stateOf } from "./stage.ts";

let stage: Stage;

async function readOnly(): Promise<never> {
  throw new Error("the store is read-only");
}

function asItIs(text: string): string {
  return text;
}

/** A controller decides to roll back, cannot write, and is killed. */
beforeEach(async () => {
  // The trail has the machine's time.
  stage = new Stage(null, Date.now() - 600_000);
  const ports = stage.ports();
  const rollout = await stage.open({ ...ports, store: { ...ports.store, overwrite: readOnly } });
  await stage.step(rollout);
  await ask(rollout, "start");
  await stage.until(rollout, "observing");
  await ask(rollout, "rollback");
  // It is killed: an end would wait for the 0.
  if (stateOf(rollout) !== "rolling-back") throw new Error(stateOf(rollout));
});
afterEach(() => stage.remove());

/** The command `set`, by an operator. */
async function operatorSets(pct: string): Promise<void> {
  const { store, journal } = stage.ports();
  const coordination = coordinationOf(store, journal);
  const [mark, shown] = [await coordination.mark.read(), await store.read()];
  await makeChange(
    { store, journal, coordination, who: "ana@desk", mark, safe: asItIs },
    { command: "set", to: { edgezero_rollout_pct: pct }, reason: "by hand", shown },
  );
}

async function goOn(): Promise<RunningRollout> {
  const rollout = await stage.open();
  for (let i = 0; i < 3; i += 1) await stage.step(rollout);
  await rollout.close();
  return rollout;
}

test("a percentage that an operator wrote since then stands, and the controller says that it guards nothing", async () => {
  await operatorSets("20");
  const rollout = await goOn();
  expect(await stage.ports().store.read()).toMatchObject({ edgezero_rollout_pct: "20" });
  const { state, timeline } = rollout.views.latest();
  expect(state).toBe("idle");
  expect(timeline.at(-1)?.sentence).toContain("ana@desk wrote 20%");
  const { entries, findings } = await stage.ports().journal.read();
  expect(findings).toEqual([]);
  expect(JSON.stringify(entries.at(-1))).toContain("nothing is guarded");
});

test("a percentage that nobody has recorded is no reason to leave the 0 unwritten", async () => {
  stage.set(20);
  await goOn();
  expect(await stage.ports().store.read()).toMatchObject({ edgezero_rollout_pct: "0" });
});

test("nor is the one that is still there", async () => {
  await goOn();
  expect(await stage.ports().store.read()).toMatchObject({ edgezero_rollout_pct: "0" });
});
