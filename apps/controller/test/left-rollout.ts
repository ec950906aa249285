import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SavedRollout } from "../src/state/saved-rollout.ts";
import { ask, Stage } from "./stage.ts";

/** Whose rollout it is to be. */
interface Left {
  readonly stateDir: string;
  readonly environment: string;
  /** As the store itself says where it is. */
  readonly store: string;
}

/** Writes the state of a rollout that is observed at 10%, as an earlier controller leaves it. Its windows are of 1 s. */
export async function leaveRollout({ stateDir, environment, store }: Left): Promise<void> {
  // Its last time is a little ago, so that the windows of the next process are newer.
  const stage = new Stage(null, Date.now() - 10 * 60_000);
  const earlier = await stage.open();
  await stage.step(earlier);
  await ask(earlier, "start");
  await stage.until(earlier, "observing");
  await earlier.close();
  const text = readFileSync(join(stage.folder, "state", "test.json"), "utf8");
  stage.remove();
  const saved = JSON.parse(text) as SavedRollout;
  const { rules } = saved.rollout;
  // It is soon blind, and asks for long holds: a test decides what happens.
  const noData = { ...rules.noData, graceMs: 1000 };
  const stages = rules.stages.map((each) => ({ ...each, holdMs: 3_600_000 }));
  const rollout = { ...saved.rollout, rules: { ...rules, noData, stages } };
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(
    join(stateDir, `${environment}.json`),
    JSON.stringify({ ...saved, environment, store, rollout }),
  );
}
