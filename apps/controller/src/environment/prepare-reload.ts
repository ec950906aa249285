import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { LoadedConfig } from "@edgezero/config";
import { messageOf } from "@edgezero/faults/faults";
import { leftBehind } from "../state/left-behind.ts";
import { chooseEnvironments } from "./chosen.ts";
import { judgeReload } from "./judge-reload.ts";
import type { LedEnvironment } from "./open-environment.ts";
import type { LedPlace } from "./led-environments.ts";
import { prepareEnvironment } from "./prepare-environment.ts";
import type { Refused } from "./unavailable.ts";

/** What a new config changes, once everything of it was looked at. */
export interface PreparedReload {
  readonly opens: readonly string[];
  readonly closes: readonly string[];
  readonly reopens: readonly string[];
  /** Those of `opens` and `reopens` that must be opened, or nothing counts. */
  readonly changes: readonly string[];
  /** Those of `reopens` that this process does not run now: they are tried, and refuse nothing. */
  readonly retries: readonly string[];
  /** Those that the new config cannot have run. */
  readonly refused: readonly Refused[];
  /** Why the config is refused, for operators. */
  readonly findings: readonly string[];
}

/** States of environments that this process does not run. */
const NOT_RUN: ReadonlySet<EnvironmentView["state"]> = new Set(["unavailable", "following"]);

/** Looks at what a new config changes, and prepares each change for a moment. Nothing is changed by it. */
export async function prepareReload(
  led: ReadonlyMap<string, LedEnvironment>,
  loaded: LoadedConfig,
  next: LoadedConfig,
  { variables, stateDir }: Pick<LedPlace, "variables" | "stateDir">,
): Promise<PreparedReload> {
  const states = Object.fromEntries(
    [...led].map(([name, { rollout }]) => [name, rollout.views.latest().state]),
  );
  const stopped = [...led.keys()].filter((name) => NOT_RUN.has(states[name] ?? "idle"));
  const left = await Promise.all(stopped.map(async (name) => leftBehind(stateDir, name)));
  const free = stopped.filter((_, i) => left[i]?.kind === "nothing");
  const judged = judgeReload(loaded.config, next.config, states, free);
  const { opens, closes, reopens } = judged;
  const { refused } = await chooseEnvironments(next, variables, stateDir);
  const retries = reopens.filter((name) => stopped.includes(name));
  const changes = [...opens, ...reopens.filter((name) => !stopped.includes(name))];
  const checked = await Promise.all(
    changes.map(async (name) =>
      prepareEnvironment(name, next, variables).then(
        async (prepared) => prepared.close().then(() => []),
        (error: unknown) => [messageOf(error)],
      ),
    ),
  );
  const twice = refused.filter(({ name }) => changes.includes(name));
  const findings = [
    ...judged.findings,
    ...checked.flat(),
    ...twice.map(({ name, why }) => `${name}: ${why}`),
  ];
  return { opens, closes, reopens, changes, retries, refused, findings };
}
