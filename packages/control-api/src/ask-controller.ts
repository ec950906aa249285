import type { ControllerClient } from "./client.ts";
import type { CommandAnswer, CommandRequest } from "./command.ts";
import type { AskedController, ControllerFinding } from "./controller-finding.ts";
import { controllerFinding } from "./controller-finding.ts";
import type { EnvironmentView } from "./environment-view.ts";

/** What came of asking for a view. */
export type Look =
  | { readonly kind: "seen"; readonly view: EnvironmentView }
  | { readonly kind: "unseen"; readonly finding: ControllerFinding };

/** What came of a command. */
export type Asked =
  /** It was carried out, or refused with a sentence. */
  | { readonly kind: "answered"; readonly answer: CommandAnswer }
  /** It was not carried out. */
  | { readonly kind: "not-done"; readonly finding: ControllerFinding }
  /** It was sent and no answer came: it may have been carried out. */
  | { readonly kind: "unknown"; readonly finding: ControllerFinding };

/** Asks a controller for the view of the environment. Never rejects for what the controller does. */
export async function lookAt(client: ControllerClient, controller: AskedController): Promise<Look> {
  try {
    return { kind: "seen", view: await client.environment(controller.environment) };
  } catch (error) {
    return { kind: "unseen", finding: await controllerFinding(error, client, controller) };
  }
}

/**
 * Sends a command. Where no answer comes it is sent once more with its id, so that it is carried out once
 * at most. Never rejects for what the controller does.
 */
export async function askController(
  client: ControllerClient,
  controller: AskedController,
  request: CommandRequest,
): Promise<Asked> {
  const first = await send(client, controller, request);
  if (first.kind !== "unknown") return first;
  const second = await send(client, controller, request);
  // Whatever the second attempt met, the first one may have been carried out.
  return second.kind === "answered" ? second : first;
}

/** What to say of a command that was sent, and that nobody answered. */
export function doubtOf(
  command: CommandRequest["command"],
  finding: ControllerFinding,
): ControllerFinding {
  const message = `${finding.message}. ${command} MAY HAVE BEEN CARRIED OUT`;
  return { ...finding, message, todo: "See by `edgezero-rollout explain` before you ask again." };
}

async function send(
  client: ControllerClient,
  controller: AskedController,
  request: CommandRequest,
): Promise<Asked> {
  try {
    return { kind: "answered", answer: await client.command(controller.environment, request) };
  } catch (error) {
    const finding = await controllerFinding(error, client, controller);
    return { kind: finding.mayBeDone ? "unknown" : "not-done", finding };
  }
}
