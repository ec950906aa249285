import { createHmac, randomBytes } from "node:crypto";

/** The secrets of the gateways that have them: the present one, and the one before. */
export const PROBE_SECRET = "conformance probe secret of more than 32 characters";
export const PREVIOUS_PROBE_SECRET = "conformance probe secret that was in use before it";

/** What a token says, and what it is signed with. */
export interface ProbeTokenParts {
  readonly bucket?: number | string;
  /** Seconds until it expires, below 0 for one that has. */
  readonly expiresIn?: number;
  readonly nonce?: string;
  readonly purpose?: string;
  readonly secret?: string;
}

/** A token as the format is documented, made apart from the core. */
export function probeTokenOf({
  bucket = 7,
  expiresIn = 30,
  nonce = randomBytes(16).toString("base64url"),
  purpose = "edgezero-probe",
  secret = PROBE_SECRET,
}: ProbeTokenParts = {}): string {
  const expires = Math.floor(Date.now() / 1000) + expiresIn;
  const signed = `${purpose}\n${expires}\n${nonce}\n${bucket}`;
  const signature = createHmac("sha256", secret).update(signed).digest("base64url");
  return `${expires}.${nonce}.${bucket}.${signature}`;
}
