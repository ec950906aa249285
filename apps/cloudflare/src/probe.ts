import type { Logger, Probe } from "@edgezero/rollout";
import { createProbe } from "@edgezero/rollout/probe";
import type { WorkerSettings } from "./settings.ts";

/** The part of the platform's requests that names the place, where there is one. */
interface PlacedRequest extends Request {
  readonly cf?: { readonly colo?: unknown };
}

/** Signed probes, or `undefined` where there is no secret: then nothing of them exists. */
export function createCloudflareProbe(
  { PROBE_SECRET, PROBE_SECRET_PREVIOUS }: WorkerSettings["settings"],
  logger: Logger,
): Probe<Request> | undefined {
  const secrets = [PROBE_SECRET, PROBE_SECRET_PREVIOUS].filter((secret) => secret !== undefined);
  return secrets.length === 0 ? undefined : createProbe({ secrets, place: placeOf, logger });
}

/** The data centre: `cf-ray` ends with its code, or else the platform's own object has it. */
export function placeOf(request: Request): string | null {
  const [, fromRay] = request.headers.get("cf-ray")?.split("-") ?? [];
  const { cf } = request as PlacedRequest;
  return fromRay ?? (typeof cf?.colo === "string" ? cf.colo : null);
}
