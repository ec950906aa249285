import type { Logger, Probe } from "@edgezero/rollout";
import { createProbe } from "@edgezero/rollout/probe";
import { env } from "fastly:env";
import { secretFinder } from "./secrets.ts";

/** Signed probes. The secrets are looked up only for a request that brings a token. */
export function createFastlyProbe(logger: Logger): Probe<Request> {
  return createProbe<Request>({
    secrets: [
      secretFinder("PROBE_SECRET", "signed probes", logger),
      secretFinder("PROBE_SECRET_PREVIOUS", "probes signed with the secret before", logger),
    ],
    place: () => env("FASTLY_POP"),
    logger,
  });
}
