import { createHmac } from "node:crypto";

const PREFIX = "whsec_";
const FEWEST_BYTES = 24;
const MOST_BYTES = 64;

/** The bytes of a secret; or why it is none, without the secret. */
export type SigningKey =
  | { readonly key: Buffer; readonly finding: null }
  | { readonly key: null; readonly finding: string };

/**
 * Reads a secret of Standard Webhooks: `whsec_`, which may be left out, and 24 to 64 bytes in base64.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function readKey(secret: string): SigningKey {
  const text = secret.trim().replace(PREFIX, "");
  const key = Buffer.from(text, "base64");
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(text);
  if (!isBase64) return { key: null, finding: "is not whsec_ and base64" };
  if (key.length >= FEWEST_BYTES && key.length <= MOST_BYTES) return { key, finding: null };
  return {
    key: null,
    finding: `has ${key.length} bytes in base64, and ${FEWEST_BYTES} to ${MOST_BYTES} are allowed`,
  };
}

/** The headers by which a receiver knows who sent a body, and when. `now` in milliseconds of the epoch. */
export function signatureHeaders(
  key: Buffer,
  id: string,
  body: string,
  now: number,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1000));
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature}`,
  };
}
