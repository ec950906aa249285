import type { Logger } from "@edgezero/rollout";
import { createForce } from "@edgezero/rollout/force";
import type { PathOverride } from "@edgezero/rollout/attribution";
import type { WorkerSettings } from "./settings.ts";

/** Lets testers choose a path. */
export interface CloudflareForce {
  readonly override: PathOverride<Request>;
  /** Answers the link that sets a tester's cookie; `null` for every other request. */
  readonly link: (request: Request) => Response | null | Promise<Response | null>;
}

/** Forced paths, or `undefined` where there is no secret: then nothing of them exists. */
export function createCloudflareForce(
  { FORCE_SECRET, FORCE_WHEN_DISABLED }: WorkerSettings["settings"],
  logger: Logger,
): CloudflareForce | undefined {
  if (FORCE_SECRET === undefined) return undefined;
  return createForce<Request>({
    secret: FORCE_SECRET,
    allowWhenDisabled: FORCE_WHEN_DISABLED,
    logger,
  }) as CloudflareForce;
}
