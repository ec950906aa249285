import type { Logger } from "@edgezero/rollout";
import type { Force } from "@edgezero/rollout/force";
import { createForce } from "@edgezero/rollout/force";
import { secretFinder } from "./secrets.ts";

/** Forced paths. The secret is looked up only for a request that brings a token. */
export function createFastlyForce(allowWhenDisabled: boolean, logger: Logger): Force<Request> {
  const secret = secretFinder("FORCE_SECRET", "forced paths", logger);
  return createForce<Request>({ secret, allowWhenDisabled, logger });
}
