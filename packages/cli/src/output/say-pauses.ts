import type { OnPause } from "@edgezero/stores/open-operator-store";
import { durationText } from "@edgezero/operations/duration";
import type { Output } from "./output.ts";

const SILENT_MS = 1000;

/**
 * Says why a store keeps its caller waiting, once a call has taken a second: shorter pauses are not
 * worth a line.
 */
export function sayPauses(output: Pick<Output, "say" | "errorPaint">): OnPause {
  return ({ fault, waitMs, elapsedMs }) => {
    if (elapsedMs + waitMs < SILENT_MS) return;
    const say = (leftMs: number): void =>
      output.say(output.errorPaint.warn(`not yet: ${fault}; again in ${durationText(leftMs)}`));
    if (elapsedMs >= SILENT_MS) say(waitMs);
    // The pause lasts for at least as long as this timer.
    else setTimeout(() => say(elapsedMs + waitMs - SILENT_MS), SILENT_MS - elapsedMs).unref();
  };
}
