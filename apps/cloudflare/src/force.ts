import type { Logger } from "@edgezero/rollout";
import { createForce } from "@edgezero/rollout/force";
import type { PathOverride } from "@edgezero/rollout/attribution";

/** Lets testers choose a path. */
export interface CloudflareForce {
  readonly override: PathOverride<Request>;
  /** Answers the link that sets a tester's cookie; `null` for every other request. */
  readonly link: (request: Request) => Response | null | Promise<Response | null>;
}

/** Forced paths, or `undefined` where there is no secret: then nothing of them exists. */
export function createCloudflareForce(
  secret: string | undefined,
  allowWhenDisabled: boolean,
  logger: Logger,
): CloudflareForce | undefined {
  if (!secret) return undefined;
  // Looked at with each token, not now: a secret that is too short must not stop the Worker.
  const force = createForce<Request>({ secret: () => secret, allowWhenDisabled, logger });
  return force as CloudflareForce;
}
