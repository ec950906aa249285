import type { RolloutPath } from "@edgezero/rollout";
import { mintForceToken } from "@edgezero/rollout/force";
import { messageOf } from "@edgezero/faults/faults";
import { forceLink } from "@edgezero/operations/clients/force-link";
import { CliError } from "../cli-error.ts";
import type { Outcome, Output } from "../output/output.ts";

/** The variable with the gateways' secret. An argument would be visible to other users. */
const SECRET_VARIABLE = "FORCE_SECRET";

/** The options of `force-token`. */
export interface ForceTokenOptions {
  readonly path: RolloutPath;
  /** The lifetime in milliseconds. */
  readonly expires: number;
  /** A page of the site, for a link to it. */
  readonly url?: URL | undefined;
}

/** `force-token`: makes a token by which a tester chooses a path. No store is opened. */
export async function forceToken(_: Output, options: ForceTokenOptions): Promise<Outcome> {
  const secret = process.env[SECRET_VARIABLE]?.trim() ?? "";
  if (secret === "") {
    const hint = "It is the secret that the gateways have, of at least 32 characters.";
    throw new CliError("usage", `${SECRET_VARIABLE} is not set`, { hint });
  }
  const { path, expires: lifetimeMs, url } = options;
  const token = await mintForceToken({ secret, path, lifetimeMs }).catch((error: unknown) => {
    throw new CliError("usage", messageOf(error), { cause: error });
  });
  const expiresAt = new Date(1000 * Number(token.split(".")[1])).toISOString();
  const link = url === undefined ? null : forceLink(url, token);
  return {
    document: { path, expiresAt, token, link },
    text: link ?? token,
    disclosed: token,
  };
}
