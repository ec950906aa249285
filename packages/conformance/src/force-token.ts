import { createHmac } from "node:crypto";

/** The secret of the gateways that have one. */
export const FORCE_SECRET = "conformance secret of more than 32 characters";

/** What a token says, and what it is signed with. */
export interface TokenParts {
  readonly path?: string;
  /** Seconds until it expires, below 0 for one that has. */
  readonly expiresIn?: number;
  readonly secret?: string;
}

/** A token as the format is documented, made apart from the core. */
export function tokenOf({
  path = "edgezero",
  expiresIn = 60,
  secret = FORCE_SECRET,
}: TokenParts = {}): string {
  const expires = Math.floor(Date.now() / 1000) + expiresIn;
  const signature = createHmac("sha256", secret).update(`edgezero-force\n${path}\n${expires}`);
  return `${path}.${expires}.${signature.digest("base64url")}`;
}
