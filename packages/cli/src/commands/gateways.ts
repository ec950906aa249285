import type { Target } from "@edgezero/config";
import { isCounted, PROBE_SECRET_ENV, probeSecretOf } from "@edgezero/config";
import type { WatchOptions } from "@edgezero/operations/proof/watch-gateway";
import { CliError } from "../cli-error.ts";
import type { Output } from "../output/output.ts";

/** The options of a command that probes gateways. */
export interface GatewayOptions {
  readonly url: readonly string[];
  /** How many instances must answer for each gateway. */
  readonly instances?: number | undefined;
}

/** The gateways that a command probes, and how. */
export interface Gateways {
  readonly urls: readonly string[];
  /** Signs the probes; `null` where they are ordinary requests. */
  readonly secret: string | null;
  /** Why the secret that was given cannot be used, or `null`. */
  readonly secretFinding: string | null;
  readonly means: WatchOptions["means"];
}

/** A shorter text, taken out wherever it stands, would make output unreadable. */
const LEAST_HIDDEN = 8;
/** Ordinary responses in a row that count where probes are not signed. */
const NEEDED = 20;

/**
 * Finds the gateways: by the options, else by the config file's environment.
 *
 * @param needed Ordinary responses in a row that count.
 * @throws CliError where instances are to be counted that cannot be.
 */
export function gatewaysOf(
  output: Output,
  options: GatewayOptions,
  { storeUrl, ...target }: Pick<Target, "storeUrl"> & Partial<Target>,
  needed: number = NEEDED,
): Gateways {
  const counted = isCounted(storeUrl);
  if (!counted && options.instances !== undefined) {
    throw new CliError("usage", "--instances is not for a Cloudflare or Fastly store", {
      hint: "Isolates cannot be counted: the places that answer are named instead.",
    });
  }
  const name = target.probeSecretEnv ?? PROBE_SECRET_ENV;
  const { secret, finding } = probeSecretOf(name, process.env);
  output.hide([process.env[name] ?? ""].filter(({ length }) => length >= LEAST_HIDDEN));
  return {
    urls: options.url.length > 0 ? options.url : (target.urls ?? []),
    secret,
    secretFinding: finding,
    means: {
      instances: counted ? (options.instances ?? target.instances ?? null) : null,
      isCounted: counted,
      needed,
    },
  };
}

/** The same, for a command that refuses a secret that cannot be used. @throws CliError */
export function usableGatewaysOf(...args: Parameters<typeof gatewaysOf>): Gateways {
  const gateways = gatewaysOf(...args);
  const { secretFinding, urls } = gateways;
  if (secretFinding === null || urls.length === 0) return gateways;
  const hint = "It must be the gateways' PROBE_SECRET: at least 32 characters.";
  throw new CliError("usage", secretFinding, { hint });
}
