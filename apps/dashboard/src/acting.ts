import type { ControllerClient } from "@edgezero/control-api/client";
import type { CommandRequest } from "@edgezero/control-api/command";
import { messageOf } from "@edgezero/faults/faults";
import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { Signal } from "@preact/signals";
import type { Action } from "./reading/offered.ts";
import { isPossible } from "./reading/offered.ts";

/** What is asked of an operator, or of the controller: exactly one of these. */
export type Acting =
  | { readonly kind: "nothing" }
  /** Waits for the confirmation in place. `stage`: the one that it was asked at. */
  | { readonly kind: "asking"; readonly action: Action; readonly stage: number | null }
  /** It was asked, and the rollout went on before it was confirmed: nothing was sent. */
  | { readonly kind: "overtaken"; readonly action: Action; readonly at: number }
  | { readonly kind: "sending"; readonly action: Action }
  | {
      readonly kind: "taken" | "refused";
      readonly action: Action;
      readonly sentence: string;
      /** When the answer came, in milliseconds of the epoch. */
      readonly at: number;
    }
  /** Nobody knows whether it was carried out. `stage`: the one that it was for. */
  | {
      readonly kind: "unknown";
      readonly action: Action;
      readonly stage: number | null;
      readonly sentence: string;
    };

export interface ActionRequest {
  readonly action: Action;
  readonly stage: number | null;
  readonly who: string;
  readonly reason: string;
}

/** An answer is of the rollout as it was: after this time it is in the timeline alone. */
const SHOWN_MS = 15_000;

/** What is left of it once the controller has shown another view. Pure. */
export function actingAfter(acting: Acting, view: EnvironmentView, now: number): Acting {
  switch (acting.kind) {
    case "asking":
      return isPossible(acting, view)
        ? acting
        : { kind: "overtaken", action: acting.action, at: now };
    case "taken":
    case "refused":
    case "overtaken":
      return now - acting.at > SHOWN_MS ? { kind: "nothing" } : acting;
    case "nothing":
    case "sending":
    case "unknown":
    default:
      return acting;
  }
}

/** Sends a command, and says what became of it. It is tried again once, by the same id. */
export async function act(
  acting: Signal<Acting>,
  client: Pick<ControllerClient, "command">,
  environment: string,
  { action, stage, who, reason }: ActionRequest,
): Promise<void> {
  acting.value = { kind: "sending", action };
  const request: CommandRequest = {
    command: action,
    ...(action === "approve" ? { stage: stage ?? 1 } : {}),
    who: who.trim() === "" ? "someone at the page" : who.trim(),
    reason: reason.trim(),
    id: `page-${crypto.randomUUID()}`,
  };
  const send = async (): Promise<void> => {
    const { accepted, sentence } = await client.command(environment, request);
    acting.value = { kind: accepted ? "taken" : "refused", action, sentence, at: Date.now() };
  };
  try {
    await send().catch(send);
  } catch (error) {
    acting.value = { kind: "unknown", action, stage, sentence: `${messageOf(error)}.` };
  }
}
