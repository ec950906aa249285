import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { RunningRollout } from "../src/environment/running-rollout.ts";
import { SIMULATED } from "./simulated-site.ts";
import type { Ports } from "./stage.ts";
import { ask, Stage, stateOf } from "./stage.ts";

/** A rollout at 10% whose store takes no 0 until it is told to. */
async function rollingBack(): Promise<{
  stage: Stage;
  rollout: RunningRollout;
  mend: () => void;
}> {
  const stage = new Stage();
  onTestFinished(() => stage.remove());
  let isBroken = true;
  const ports = stage.ports();
  const overwrite: Ports["store"]["overwrite"] = async (to, who) => {
    if (isBroken) throw new Error("the store is unreachable");
    await ports.store.overwrite(to, who);
  };
  const rollout = await stage.open({ ...ports, store: { ...ports.store, overwrite } });
  await stage.step(rollout);
  await ask(rollout, "start");
  await stage.until(rollout, "observing");
  await ask(rollout, "rollback");
  return { stage, rollout, mend: () => void (isBroken = false) };
}

function savedPhase(stage: Stage): { name: string; rollback?: { writtenAt: number | null } } {
  const text = readFileSync(join(stage.folder, "state", "test.json"), "utf8");
  return (JSON.parse(text) as { rollout: { phase: { name: string } } }).rollout.phase;
}

test("an end in a rollback waits until 0 is written, and the state says so", async () => {
  const { stage, rollout, mend } = await rollingBack();
  let isClosed = false;
  const closed = rollout.close().then(() => void (isClosed = true));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(isClosed).toBe(false);
  mend();
  await closed;
  expect(await stage.ports().store.read()).toMatchObject({ edgezero_rollout_pct: "0" });
  expect(savedPhase(stage).rollback?.writtenAt).toBeTypeOf("number");
});

test("one that has lost its lease writes the 0 that it owes: another may not know of it", async () => {
  const { stage, rollout, mend } = await rollingBack();
  const abandoned = rollout.abandon();
  mend();
  await abandoned;
  expect(await stage.ports().store.read()).toMatchObject({ edgezero_rollout_pct: "0" });
});

test("one that has lost its lease, and cannot write the 0, ends all the same", async () => {
  const { stage, rollout } = await rollingBack();
  await rollout.abandon();
  expect(await stage.ports().store.read()).toMatchObject({ edgezero_rollout_pct: "10" });
});

test("the process after one that was cut in that writes the 0", async () => {
  const { stage } = await rollingBack();
  expect(savedPhase(stage).rollback?.writtenAt).toBe(null);
  const next = await stage.open();
  await stage.until(next, "rolled-back");
  await next.close();
  expect(await stage.ports().store.read()).toMatchObject({ edgezero_rollout_pct: "0" });
});

test("an end before the first tick writes a 0 that an earlier process owes", async () => {
  const { stage } = await rollingBack();
  const next = await stage.open();
  await next.close();
  expect(await stage.ports().store.read()).toMatchObject({ edgezero_rollout_pct: "0" });
});

test("from its end on a rollout takes no command and begins no raise", async () => {
  const stage = new Stage();
  onTestFinished(() => stage.remove());
  const rollout = await stage.open();
  await stage.step(rollout);
  await ask(rollout, "start");
  await stage.until(rollout, "observing");
  await rollout.close();
  await expect(ask(rollout, "rollback")).rejects.toThrow("stopping");
  for (let i = 0; i < 10; i += 1) await stage.step(rollout);
  expect(stateOf(rollout)).toBe("observing");
  expect(await stage.ports().store.read()).toMatchObject({ edgezero_rollout_pct: "10" });
});

test("a 0 that is owed does not wait for a store whose reads hang", async () => {
  const { stage } = await rollingBack();
  const ports = stage.ports();
  let written = 0;
  const next = await stage.open({
    ...ports,
    store: {
      ...ports.store,
      read: async () => new Promise(() => {}),
      overwrite: async (to, who) => {
        await ports.store.overwrite(to, who);
        written += 1;
      },
    },
  });
  void next.tick();
  await expect.poll(() => written).toBeGreaterThan(0);
});

test("a proof whose read of the store hangs keeps nobody from the end", async () => {
  const stage = new Stage();
  onTestFinished(() => stage.remove());
  const ports = stage.ports();
  const reads = { sinceWrite: -Infinity };
  const read: Ports["store"]["read"] = async () => {
    reads.sinceWrite += 1;
    // The first one reads the 0 back.
    if (reads.sinceWrite > 1) await new Promise(() => {});
    return ports.store.read();
  };
  const overwrite: Ports["store"]["overwrite"] = async (to, who) => {
    await ports.store.overwrite(to, who);
    reads.sinceWrite = 0;
  };
  const store = { ...ports.store, read, overwrite };
  const rollout = await stage.open({ ...ports, store }, { site: { ...SIMULATED, probes: true } });
  await stage.step(rollout);
  await ask(rollout, "rollback");
  await expect.poll(() => reads.sinceWrite).toBe(2);
  await rollout.close();
  expect(savedPhase(stage).rollback?.writtenAt).toBeTypeOf("number");
}, 30_000);
