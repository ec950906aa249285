import type { ResponseEnding } from "@edgezero/rollout/attribution";
import type { GatewayResponse } from "../routing/response.ts";

/** Calls `ended` when the response's connection is done with it, or at once where it already is. */
export function watchEnding(
  { outgoing }: { readonly outgoing: GatewayResponse },
  ended: (ending: ResponseEnding) => void,
): void {
  const settle = (): void => ended(endingOf(outgoing));
  if (outgoing.closed) settle();
  else outgoing.on("close", settle);
}

function endingOf(outgoing: GatewayResponse): ResponseEnding {
  if (outgoing.writableFinished) return "sent";
  return outgoing.isBrokenOff ? "broken-off" : "aborted-by-client";
}
