import { createHmac } from "node:crypto";

/** The secret of the gateways that have one. */
export const FORCE_SECRET = "conformance secret of more than 32 characters";

/** The content of a token, and the secret that signs it. */
export interface TokenParts {
  readonly path?: string;
  /** Seconds until it expires; below 0 for an expired one. */
  readonly expiresIn?: number;
  readonly secret?: string;
}

/** Makes a token by the documented format, without code of the core. */
export function tokenOf({
  path = "edgezero",
  expiresIn = 60,
  secret = FORCE_SECRET,
}: TokenParts = {}): string {
  const expires = Math.floor(Date.now() / 1000) + expiresIn;
  const signature = createHmac("sha256", secret).update(`edgezero-force\n${path}\n${expires}`);
  return `${path}.${expires}.${signature.digest("base64url")}`;
}
