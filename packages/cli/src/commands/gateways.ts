import type { GatewayChoice, Target } from "@edgezero/config";
import { chosenGateways, PROBE_SECRET_ENV } from "@edgezero/config";
import type { WatchAllOptions } from "@edgezero/operations/proof/watch-gateways";
import { CliError } from "../cli-error.ts";
import type { Output } from "../output/output.ts";

/** The options of a command that probes gateways. */
export type GatewayOptions = GatewayChoice;

/** The gateways that a command probes, and how. */
export interface Gateways extends Pick<WatchAllOptions, "urls" | "secret" | "means"> {
  /** Why the secret that was given cannot be used, or `null`. */
  readonly secretFinding: string | null;
}

/** A shorter text, taken out wherever it stands, would make output unreadable. */
const LEAST_HIDDEN = 8;
/** Ordinary responses in a row that count where probes are not signed. */
const NEEDED = 20;

/**
 * Finds the gateways, and takes their secret out of all output.
 *
 * @param needed Ordinary responses in a row that count.
 * @throws ConfigError where instances are to be counted that cannot be.
 */
export function gatewaysOf(
  output: Output,
  options: GatewayOptions,
  target: Pick<Target, "storeUrl"> & Partial<Target>,
  needed: number = NEEDED,
): Gateways {
  const { instances, isCounted, ...found } = chosenGateways(options, target, process.env);
  const secret = process.env[target.probeSecretEnv ?? PROBE_SECRET_ENV]?.trim() ?? "";
  if (secret.length >= LEAST_HIDDEN) output.hide([secret]);
  return { ...found, means: { instances, isCounted, needed } };
}

/** The same, for a command that refuses a secret that cannot be used. @throws CliError */
export function usableGatewaysOf(...args: Parameters<typeof gatewaysOf>): Gateways {
  const gateways = gatewaysOf(...args);
  const { secretFinding, urls } = gateways;
  if (secretFinding === null || urls.length === 0) return gateways;
  const hint = "It must be the gateways' PROBE_SECRET: at least 32 characters.";
  throw new CliError("usage", secretFinding, { hint });
}
