import { randomUUID } from "node:crypto";
import type { ControllerChoice } from "@edgezero/config";
import { operatorName } from "@edgezero/config";
import { askController, doubtOf } from "@edgezero/control-api/ask-controller";
import type { CommandRequest } from "@edgezero/control-api/command";
import { CliError } from "../../cli-error.ts";
import type { Outcome, Output } from "../../output/output.ts";
import { reach, unanswered } from "./reach.ts";

/** The options of a command that a controller carries out. */
export interface AskOptions extends ControllerChoice {
  readonly as?: string | undefined;
  readonly reason?: string | undefined;
  readonly stage?: number | undefined;
  readonly keep?: boolean | undefined;
}

/** Asks a controller for something, and says what it did. @throws CliError where it did not do it. */
export async function ask(
  output: Output,
  command: CommandRequest["command"],
  { as: given, reason = "", stage, keep, ...choice }: AskOptions,
): Promise<Outcome> {
  const { controller, client } = await reach(output, choice);
  const { url, environment, operator } = controller;
  const who = operatorName(given, process.env, operator);
  const id = randomUUID();
  const progress = output.progress(`asking ${url}`);
  const request = { command, stage, keep, who, reason, id };
  const asked = await askController(client, controller, request).finally(progress.stop);
  if (asked.kind === "not-done") throw unanswered("controller-unavailable", asked.finding);
  if (asked.kind === "unknown") throw unanswered("unanswered", doubtOf(command, asked.finding));
  const { answer } = asked;
  const document = { controller: url, environment, answer };
  if (answer.accepted) return { document, text: `${environment}: ${answer.sentence}` };
  throw new CliError("refused", `${environment}: ${answer.sentence}`, {
    hint: "The controller did nothing. `edgezero-rollout explain` says more.",
    details: document,
  });
}
