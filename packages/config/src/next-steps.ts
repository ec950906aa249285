import { PROBE_SECRET_ENV } from "./probe-secret.ts";
import type { Variables } from "./target.ts";

/** What a new environment still lacks, in lines: its gateways, and the secret that proves a rollback. */
export function nextSteps(variables: Variables): string[] {
  const urls =
    "Name the gateways there, as the environment's urls: then `edgezero-rollout rollback` is enough.";
  if (variables[PROBE_SECRET_ENV]) return [urls];
  return [
    urls,
    "For proof of a rollback, the gateways and this command need one secret, such as from:",
    "  openssl rand -base64 32",
    `Give it to the gateways as PROBE_SECRET, and to this command as ${PROBE_SECRET_ENV}.`,
  ];
}
