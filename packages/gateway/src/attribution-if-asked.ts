import type { Attribution, RequestLike, ResponseLike, RolloutClient } from "@edgezero/rollout";
import type { AttributionOptions } from "@edgezero/rollout/attribution";
import { createAttribution } from "@edgezero/rollout/attribution";

/** `createAttribution`, or `undefined` where nothing asks for it, so that no request pays for it. */
export function createAttributionIfAsked<
  Req extends RequestLike,
  Client extends RolloutClient,
  Res extends ResponseLike,
>(options: AttributionOptions<Req, Client>): Attribution<Req, Client, Res> | undefined {
  const { sinks = [], override, attribution, sharedCaches = "unchanged" } = options;
  const marksResponses = attribution === "detail" || sharedCaches !== "unchanged";
  const isAsked = sinks.length > 0 || override !== undefined || marksResponses;
  return isAsked ? createAttribution(options) : undefined;
}
