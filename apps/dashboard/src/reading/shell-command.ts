import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { Action } from "./offered.ts";

/** What to type in a shell to roll back. It writes the store itself, and needs no controller. Pure. */
export function rollbackCommand(environment: string): string {
  return `edgezero-rollout rollback --env ${quoted(environment)}`;
}

/**
 * What to type in a shell in place of a button. The environment of the config file names store and gateways; every
 * command but `rollback` asks the controller, which the config file may not name. Pure.
 *
 * @param controller The address of the controller, such as `https://ops.example.com/rollout/`.
 */
export function shellCommand(
  action: Action,
  { name, stage, state }: Pick<EnvironmentView, "name" | "stage" | "state">,
  controller: string,
): string {
  if (action === "rollback") return rollbackCommand(name);
  return [
    `edgezero-rollout ${action} --env ${quoted(name)}`,
    ...(action === "approve" ? [`--stage ${stage ?? 1}`] : []),
    ...(isReasonAsked(action, state) ? ['--reason "…"'] : []),
    `--controller ${quoted(controller)}`,
  ].join(" ");
}

/** Whether a command needs a reason: it takes over what nobody has proven. Pure. */
export function isReasonAsked(action: Action, state: EnvironmentView["state"]): boolean {
  return action === "reset" && state === "rollback-unverified";
}

function quoted(word: string): string {
  return /^[\w.:/-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
