import type { SourceConfig } from "../source-config.ts";

/** What to do about an answer, by its status, by the code of a fault, or by `type` for another media type. */
export type Advice = Readonly<Record<string, string>>;

/** What to do where a server asks who is there, or is not who it should be. */
export function adviceOfAccess(config: SourceConfig): Advice {
  const untrusted = "name the authority of its certificate by caFile";
  return {
    401: adviceOfToken(config),
    403: adviceOfToken(config),
    DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
    SELF_SIGNED_CERT_IN_CHAIN: untrusted,
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
    CERT_HAS_EXPIRED: "its certificate has to be renewed",
    ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is of another name than the URL's",
    ENOTFOUND: "no address is known of the name in the URL",
    ECONNREFUSED: "nothing listens there: look at the host and the port of the URL",
  };
}

function adviceOfToken({ tokenEnv, tokenFile, user }: SourceConfig): string {
  if (tokenEnv !== undefined) {
    return `it does not accept the token in ${tokenEnv}: put a valid one there, and start again`;
  }
  if (tokenFile !== undefined)
    return `it does not accept the token in ${tokenFile}: replace it there`;
  if (user !== undefined) return `it does not accept ${user} and the password of passwordEnv`;
  return "it wants to know who asks: name a token by tokenEnv or tokenFile, or user and passwordEnv";
}
