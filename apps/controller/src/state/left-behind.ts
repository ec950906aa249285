import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { RolloutState } from "@edgezero/progression";
import type { SavedRollout } from "./saved-rollout.ts";
import { stateFile } from "./state-file.ts";

/** What the file of an environment tells of the rollout that an earlier process has left. */
export type LeftBehind =
  /** There is no file, or a rollout in which nothing is to be guarded. */
  | { readonly kind: "nothing" }
  /** Clients may get EdgeZero by it. */
  | { readonly kind: "exposed"; readonly store: string; readonly pct: number | null }
  /** Nobody can tell. */
  | { readonly kind: "unreadable" };

/** Reads what was left in `<folder>/<name>.json`. Never rejects. */
export async function leftBehind(folder: string, name: string): Promise<LeftBehind> {
  try {
    const text = await stateFile(join(folder, `${name}.json`)).load();
    if (text === null) return { kind: "nothing" };
    const { rollout, store } = JSON.parse(text) as SavedRollout;
    if (!isGuarded(rollout)) return { kind: "nothing" };
    const pct = "pass" in rollout.phase ? rollout.phase.pass.pct : null;
    return { kind: "exposed", store, pct };
  } catch {
    return { kind: "unreadable" };
  }
}

/** The names of environments that have a state in the folder. */
export async function savedNames(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder).catch(() => []);
  return files.flatMap((file) => (file.endsWith(".json") ? [file.slice(0, -".json".length)] : []));
}

/** Whether EdgeZero may get clients by a rollout that is under way, or a 0 that is owed or not proven. */
function isGuarded({ phase, raise }: RolloutState): boolean {
  if (raise !== null && !raise.failed) return true;
  if ("pass" in phase) return phase.name !== "completed";
  return phase.name === "rolling-back" || phase.name === "rollback-unverified";
}
