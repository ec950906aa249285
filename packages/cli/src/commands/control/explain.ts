import type { ControllerChoice } from "@edgezero/config";
import type { PastWish } from "@edgezero/control-api/ask-history";
import { askHistory } from "@edgezero/control-api/ask-history";
import { lookAt } from "@edgezero/control-api/ask-controller";
import { explainedLines, lookDocument } from "@edgezero/control-api/look-text";
import type { Outcome, Output } from "../../output/output.ts";
import { reach, unanswered } from "./reach.ts";

/** `explain`: where the rollout is, why it is not further, and every number behind that. */
export async function explain(output: Output, choice: ControllerChoice): Promise<Outcome> {
  const { controller, client } = await reach(output, choice);
  const { url, environment } = controller;
  const look = await lookAt(client, controller);
  if (look.kind === "unseen") throw unanswered("controller-unavailable", look.finding);
  return {
    document: { environment, controller: lookDocument(url, look) },
    text: explainedLines(url, look.view).join("\n"),
  };
}

/** `history`: how the rollout went, or its windows in a file. */
export async function history(output: Output, wish: ControllerChoice & PastWish): Promise<Outcome> {
  const { controller, client } = await reach(output, wish);
  const past = await askHistory(client, controller, wish);
  if (past.kind === "unseen") throw unanswered("controller-unavailable", past.finding);
  return { document: past.document, text: past.text };
}
