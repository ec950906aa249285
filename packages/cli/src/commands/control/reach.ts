import type { ChosenController, ControllerChoice } from "@edgezero/config";
import { chosenController, ConfigError, controllerOf, loadConfig } from "@edgezero/config";
import type { Look } from "@edgezero/control-api/ask-controller";
import type { ControllerClient } from "@edgezero/control-api/client";
import type { ControllerFinding } from "@edgezero/control-api/controller-finding";
import { CliError } from "../../cli-error.ts";
import type { Context } from "../../context.ts";
import type { ExitName } from "../../exit-codes.ts";
import type { Output } from "../../output/output.ts";

/** A look beside other work must not hold it up for long. */
const LOOK_MS = 2000;

/** A controller that can be asked. */
export interface Reached {
  readonly controller: ChosenController;
  readonly client: ControllerClient;
}

/** Finds the controller of a command that needs one. Nothing is sent yet. @throws ConfigError */
export async function reach(output: Output, options: ControllerChoice): Promise<Reached> {
  const loaded = await loadConfig(options, process.cwd());
  return clientOf(output, chosenController(options, process.env, process.cwd(), loaded));
}

/** Looks at the controller of a store, where one is named; `null` where none is. Says why it cannot look. */
export async function lookBeside(
  { output, target }: Pick<Context, "output" | "target">,
  choice: ControllerChoice,
): Promise<{ url: string; look: Look } | null> {
  try {
    const controller = controllerOf(target, choice, process.env);
    if (controller === null) return null;
    const { client } = await clientOf(output, controller, LOOK_MS);
    const { lookAt } = await import("@edgezero/control-api/ask-controller");
    return { url: controller.url, look: await lookAt(client, controller) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { message, hint } = error;
    const finding = { code: "not-asked", message, todo: hint ?? "", mayBeDone: false } as const;
    const url = choice.controller ?? target.controller?.url ?? "";
    return { url, look: { kind: "unseen", finding } };
  }
}

/** The fault of a command that a controller did not answer. */
export function unanswered(exit: ExitName, { code, message, todo }: ControllerFinding): CliError {
  return new CliError(exit, message, { hint: todo, details: { finding: code } });
}

async function clientOf(
  output: Output,
  controller: ChosenController,
  timeoutMs?: number,
): Promise<Reached> {
  const { url, token } = controller;
  if (token !== null) output.hide([token]);
  const { createClient } = await import("@edgezero/control-api/client");
  return { controller, client: createClient({ url, token: token ?? undefined, timeoutMs }) };
}
