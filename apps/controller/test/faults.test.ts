import { fileURLToPath } from "node:url";
import type { OperatorStore } from "@edgezero/stores/operator-store";
import { StoreError } from "@edgezero/stores/operator-store";
import { runToEnd } from "@edgezero/testbed/process/run-to-end";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RunningRollout } from "../src/environment/running-rollout.ts";
import type { Ports } from "./stage.ts";
import { ask, Stage, stateOf } from "./stage.ts";

const COMMAND = fileURLToPath(new URL("../../../packages/cli/src/main.ts", import.meta.url));
const HOUR_MS = 3_600_000;

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(() => stage.remove());

async function started(ports: Ports = stage.ports()): Promise<RunningRollout> {
  const rollout = await stage.open(ports);
  await stage.step(rollout);
  await ask(rollout, "start");
  return rollout;
}

/** The percentages that the trail has as written, in order. */
async function written(): Promise<unknown[]> {
  const { entries, findings } = await stage.ports().journal.read();
  expect(findings).toEqual([]);
  return entries.flatMap((entry) =>
    entry.kind === "result" && entry.result === "written"
      ? [entry.values?.edgezero_rollout_pct]
      : [],
  );
}

test("while the state cannot be saved nothing is raised, and it goes on once it can be", async () => {
  const ports = stage.ports();
  let isFull = false;
  const save: Ports["file"]["save"] = async (text) => {
    if (isFull) throw new Error("ENOSPC: no space left on device");
    await ports.file.save(text);
  };
  const rollout = await started({ ...ports, file: { ...ports.file, save } });
  await stage.until(rollout, "observing");
  isFull = true;
  for (let i = 0; i < 20; i += 1) await stage.step(rollout);
  expect(await ports.store.read()).toMatchObject({ edgezero_rollout_pct: "10" });
  isFull = false;
  await stage.until(rollout, "completed");
  expect(await written()).toEqual(["10", "50", "100"]);
  await rollout.close();
});

test("a rollback by the command in the middle of a raise's write stands, and the raise is not written", async () => {
  const ports = stage.ports();
  const done = { rolledBack: false };
  const write: Ports["store"]["write"] = async (to, guard) => {
    if (to.edgezero_rollout_pct === "50" && !done.rolledBack) {
      done.rolledBack = true;
      const args = [COMMAND, "rollback", "--store", `file:${stage.storePath}`, "--yes"];
      const { code, stderr } = await runToEnd(process.execPath, args, {
        cwd: stage.folder,
        env: {},
      });
      // Without a gateway that is named it is written and not verified, which has a code of its own.
      if (code === 1 || code === 2) throw new Error(stderr);
    }
    await ports.store.write(to, guard);
  };
  const rollout = await started({ ...ports, store: { ...ports.store, write } });
  for (let i = 0; i < 60 && !done.rolledBack; i += 1) await stage.step(rollout);
  expect(done.rolledBack).toBe(true);
  for (let i = 0; i < 20; i += 1) await stage.step(rollout);
  expect(stateOf(rollout)).toBe("rolled-back");
  expect(await ports.store.read()).toMatchObject({ edgezero_rollout_pct: "0" });
  await rollout.close();
}, 60_000);

test("a rollback by the command while no controller lives is honoured by the next one", async () => {
  const rollout = await started();
  await stage.until(rollout, "observing");
  await rollout.close();
  const args = [COMMAND, "rollback", "--store", `file:${stage.storePath}`, "--yes"];
  await runToEnd(process.execPath, args, { cwd: stage.folder, env: {} });
  const next = await stage.open();
  for (let i = 0; i < 30; i += 1) await stage.step(next);
  expect(stateOf(next)).toBe("rolled-back");
  expect(await stage.ports().store.read()).toMatchObject({ edgezero_rollout_pct: "0" });
  await next.close();
}, 60_000);

test("while the store cannot be read the view says since when, and no longer once it is read", async () => {
  const ports = stage.ports();
  let isDown = false;
  const store: OperatorStore = {
    ...ports.store,
    async read() {
      if (isDown) throw new StoreError("down");
      return ports.store.read();
    },
  };
  const rollout = await stage.open({ ...ports, store });
  await stage.step(rollout);
  expect(rollout.views.latest()).toMatchObject({ state: "idle", pct: 0, storeUnreadSince: null });
  const readAt = stage.clock.wall();
  isDown = true;
  for (let i = 0; i < 15; i += 1) await stage.step(rollout);
  expect(rollout.views.latest()).toMatchObject({ pct: 0, storeUnreadSince: null });
  await stage.step(rollout);
  expect(rollout.views.latest()).toMatchObject({ pct: 0, storeUnreadSince: readAt });
  isDown = false;
  await stage.step(rollout);
  expect(rollout.views.latest()).toMatchObject({ pct: 0, storeUnreadSince: null });
  await rollout.close();
});

test("a clock that is set back an hour costs no stage, no window and no guard", async () => {
  const rollout = await started();
  await stage.until(rollout, "observing");
  const before = rollout.state().now;
  stage.clock.set(stage.clock.wall() - HOUR_MS);
  await stage.step(rollout);
  expect(rollout.state().now).toBeGreaterThanOrEqual(before);
  await stage.until(rollout, "completed");
  expect(await written()).toEqual(["10", "50", "100"]);
  expect(Object.keys(rollout.counts().pages)).toEqual([]);
  await rollout.close();
});

test("after a clock was set back an hour EdgeZero that fails is rolled back", async () => {
  const rollout = await started();
  await stage.until(rollout, "observing");
  stage.clock.set(stage.clock.wall() - HOUR_MS);
  await stage.step(rollout);
  stage.site.failing.canary = 1;
  await stage.until(rollout, "rolling-back", 5);
  stage.site.failing.canary = 0;
  await stage.until(rollout, "rolled-back", 10);
  expect(await stage.ports().store.read()).toMatchObject({ edgezero_rollout_pct: "0" });
  await rollout.close();
});
