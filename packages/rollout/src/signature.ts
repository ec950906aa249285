import { web } from "./web.ts";

/** The shortest secret, in characters. */
const SHORTEST_SECRET = 32;
const ALGORITHM = { name: "HMAC", hash: "SHA-256" };

/**
 * The pattern of a signature: 32 bytes as base64url. The last character holds four bits of them.
 * Another spelling of these bits is refused, so that a signature has one text.
 */
export const SIGNATURE = "([\\w-]{42}[AEIMQUYcgkosw048])";

/**
 * A secret, ready to sign and check with.
 *
 * @param name What the secret is called in the message, such as `force secret`.
 * @throws RangeError when the secret is too short to be one.
 */
export async function importKey(secret: string, name: string): Promise<object> {
  checkSecret(secret, name);
  const bytes = new web.TextEncoder().encode(secret);
  return web.crypto.subtle.importKey("raw", bytes, ALGORITHM, false, ["sign", "verify"]);
}

/**
 * Refuses a secret that could be guessed. The message never holds the secret.
 *
 * @throws RangeError when it has fewer than 32 characters.
 */
export function checkSecret(secret: string, name: string): void {
  if (secret.length >= SHORTEST_SECRET) return;
  throw new RangeError(
    `the ${name} has ${secret.length} characters: it must have at least ${SHORTEST_SECRET}`,
  );
}

/** The HMAC-SHA-256 of a text, as base64url. */
export async function sign(text: string, key: object): Promise<string> {
  const bytes = new web.TextEncoder().encode(text);
  return toBase64Url(new Uint8Array(await web.crypto.subtle.sign("HMAC", key, bytes)));
}

/** Whether a text was signed with the key's secret. Takes the same time for any signature. */
export function isSigned(text: string, signature: string, key: object): Promise<boolean> {
  const bytes = new web.TextEncoder().encode(text);
  return web.crypto.subtle.verify("HMAC", key, fromBase64Url(signature), bytes);
}

/** Bytes in the alphabet that is safe in URLs, without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  const text = web.btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array {
  const binary = web.atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
