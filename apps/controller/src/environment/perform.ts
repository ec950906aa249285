import type { Effect } from "@edgezero/progression";
import { causeText } from "../effects/cause-text.ts";
import type { Rollbacks } from "../effects/rollbacks.ts";
import type { Counter } from "../loop/counts.ts";
import { carryOutRaise } from "./carry-out-raise.ts";
import type { RolloutCore } from "./core.ts";

/** Does what an effect asks for, or begins it. `reason`: an operator's, for the trail. */
export function perform(
  core: RolloutCore,
  { rollbacks, counts }: { readonly rollbacks: Rollbacks; readonly counts: Counter },
  effect: Effect,
  reason: string | null,
): void {
  const { name, logger } = core;
  switch (effect.type) {
    case "raise":
      core.track(carryOutRaise(core, effect));
      return;
    case "write-zero":
      // The write comes first: it waits for no disk.
      rollbacks.write(effect.id, effect.cause);
      logger.warn("rolling back", { environment: name, why: causeText(effect.cause) });
      void core.save();
      return;
    case "prove-zero":
      rollbacks.prove(effect.id);
      return;
    case "page":
      counts.page(effect.reason);
      core.keep(effect, reason);
      return;
    case "moved":
    case "answer":
      core.keep(effect, reason);
      return;
    default:
      return;
  }
}
