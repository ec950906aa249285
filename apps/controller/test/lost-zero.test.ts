import { copyFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RunningRollout } from "../src/environment/running-rollout.ts";
import { ask, Stage } from "./stage.ts";

const MARK = /\.rollback$/;

let stage: Stage;
let rollout: RunningRollout;
beforeEach(async () => {
  stage = new Stage();
  // A fence: of a store in which 0 and mark are one write.
  rollout = await stage.open(stage.ports(), { place: { leader: "a term" } });
  await stage.step(rollout);
  await ask(rollout, "start");
  await stage.until(rollout, "observing");
});
afterEach(() => stage.remove());

async function pct(): Promise<string | null> {
  return (await stage.store().read()).edgezero_rollout_pct;
}

/** The store is as it was before the rollback, as after a failover to a replica that lacks it. */
function loseZero(): void {
  const marks = readdirSync(stage.folder).filter((name) => MARK.test(name));
  expect(marks).not.toEqual([]);
  for (const name of marks) rmSync(join(stage.folder, name));
  copyFileSync(join(stage.folder, "before.json"), stage.storePath);
}

async function rollBack(): Promise<void> {
  copyFileSync(stage.storePath, join(stage.folder, "before.json"));
  await ask(rollout, "rollback");
  await stage.until(rollout, "rolled-back");
  expect(await pct()).toBe("0");
}

test("a controller that has lost its lease writes a 0 again that the store has lost", async () => {
  await rollBack();
  loseZero();
  expect(await pct()).toBe("10");
  await rollout.abandon();
  expect(await pct()).toBe("0");
});

test("a controller that has lost its lease leaves what an operator has raised since", async () => {
  await rollBack();
  stage.set(10);
  await rollout.abandon();
  expect(await pct()).toBe("10");
});

test("a controller that has lost its lease leaves a rollout that was not rolled back", async () => {
  await rollout.abandon();
  expect(await pct()).toBe("10");
});
