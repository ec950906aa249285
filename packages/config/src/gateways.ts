import { ConfigError } from "./config-error.ts";
import { isCounted } from "./is-counted.ts";
import { PROBE_SECRET_ENV, probeSecretOf } from "./probe-secret.ts";
import type { Target, Variables } from "./target.ts";

/** The choice of gateways, as it was given. */
export interface GatewayChoice {
  readonly url: readonly string[];
  /** How many instances must answer for each gateway. */
  readonly instances?: number | undefined;
}

/** The gateways that are to be probed, and how. */
export interface ChosenGateways {
  readonly urls: readonly string[];
  /** Signs the probes; `null` where they are ordinary requests. */
  readonly secret: string | null;
  /** Why the secret that was given cannot be used, or `null`. */
  readonly secretFinding: string | null;
  /** How many instances of each must answer; `null` where nobody said. */
  readonly instances: number | null;
  /** Whether their instances can be counted, which isolates cannot. */
  readonly isCounted: boolean;
}

/**
 * Finds the gateways: those that were given, else those of the config file's environment.
 *
 * @throws ConfigError where instances are to be counted that cannot be.
 */
export function chosenGateways(
  choice: GatewayChoice,
  { storeUrl, ...target }: Pick<Target, "storeUrl"> & Partial<Target>,
  variables: Variables,
): ChosenGateways {
  const counted = isCounted(storeUrl);
  if (!counted && choice.instances !== undefined) {
    throw new ConfigError("--instances is not for a Cloudflare or Fastly store", {
      hint: "Isolates cannot be counted: the places that answer are named instead.",
    });
  }
  const { secret, finding } = probeSecretOf(target.probeSecretEnv ?? PROBE_SECRET_ENV, variables);
  return {
    // One that is named twice is probed once, or it would get twice the probes.
    urls: [...new Set(choice.url.length > 0 ? choice.url : target.urls)],
    secret,
    secretFinding: finding,
    instances: counted ? (choice.instances ?? target.instances ?? null) : null,
    isCounted: counted,
  };
}
