import type { RolloutPath } from "@edgezero/rollout";
import { FORCE_LINK_PATH, mintForceToken } from "@edgezero/rollout/force";
import { messageOf } from "@edgezero/faults/faults";
import { CliError } from "../cli-error.ts";
import type { Outcome, Output } from "../output/output.ts";

/** The variable that the gateways have the secret from; an argument could be seen by others. */
const SECRET_VARIABLE = "FORCE_SECRET";

/** The options of `force-token`. */
export interface ForceTokenOptions {
  readonly path: RolloutPath;
  /** In milliseconds. */
  readonly expires: number;
  /** A page of the site, for a link that leads there. */
  readonly url?: URL | undefined;
}

/** `force-token`: makes a token by which a tester chooses a path. No store is opened. */
export async function forceToken(_: Output, options: ForceTokenOptions): Promise<Outcome> {
  const secret = process.env[SECRET_VARIABLE] ?? "";
  if (secret === "") {
    const hint = "It is the secret that the gateways have, of at least 32 characters.";
    throw new CliError("usage", `${SECRET_VARIABLE} is not set`, { hint });
  }
  const { path, expires: lifetimeMs, url } = options;
  const token = await mintForceToken({ secret, path, lifetimeMs }).catch((error: unknown) => {
    throw new CliError("usage", messageOf(error), { cause: error });
  });
  const expiresAt = new Date(1000 * Number(token.split(".")[1])).toISOString();
  const link = url === undefined ? null : linkTo(url, token);
  return {
    document: { path, expiresAt, token, link },
    text: link ?? token,
    disclosed: token,
  };
}

/** The link that sets the cookie, and leads to the page. */
function linkTo({ origin, pathname, search }: URL, token: string): string {
  const link = new URL(FORCE_LINK_PATH, origin);
  link.searchParams.set("token", token);
  const page = pathname + search;
  if (page !== "/") link.searchParams.set("to", page);
  return link.href;
}
