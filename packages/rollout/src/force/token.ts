import type { RolloutPath } from "../decide.ts";
import { web } from "../web.ts";

const SHORTEST_SECRET = 32;
const LONGEST_LIFETIME_MS = 7 * 24 * 3600 * 1000;
/** So that a signature made for another purpose with the same secret means nothing here. */
const PURPOSE = "edgezero-force";
const TOKEN = /^(legacy|edgezero)\.(\d{1,12})\.([\w-]{43})$/;
const ALGORITHM = { name: "HMAC", hash: "SHA-256" };

/** Settings of {@link mintForceToken}. */
export interface ForceTokenOptions {
  /** The secret that the gateways have: at least 32 characters, from a random source. */
  readonly secret: string;
  readonly path: RolloutPath;
  /** How long the token is good for, in milliseconds: 1000 to 604800000, which is 7 days. */
  readonly lifetimeMs: number;
}

/**
 * Makes a token that forces a path for whoever presents it, until it expires: its path, when it
 * expires in seconds since 1970, and an HMAC-SHA-256 of both.
 *
 * @throws RangeError when the secret is too short, the path is none or the lifetime is out of range.
 */
export async function mintForceToken(options: ForceTokenOptions): Promise<string> {
  const { secret, path, lifetimeMs } = options;
  checkSecret(secret);
  if (path !== "legacy" && path !== "edgezero") {
    throw new RangeError(`path is ${JSON.stringify(path)}, not "legacy" or "edgezero"`);
  }
  if (!(lifetimeMs >= 1000 && lifetimeMs <= LONGEST_LIFETIME_MS)) {
    throw new RangeError(`lifetimeMs is ${lifetimeMs}, not 1000 to ${LONGEST_LIFETIME_MS}`);
  }
  const expires = String(Math.floor((Date.now() + lifetimeMs) / 1000));
  const key = await importKey(secret);
  const signature = await web.crypto.subtle.sign("HMAC", key, signedBytes(path, expires));
  return `${path}.${expires}.${toBase64Url(new Uint8Array(signature))}`;
}

/** What a token says, once it is known to be genuine. */
export interface ForceToken {
  readonly path: RolloutPath;
  /** When it expires, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Reads a token: `null` for one that is malformed, expired, or not signed with the key's secret. */
export async function readForceToken(token: string, key: object): Promise<ForceToken | null> {
  const match = TOKEN.exec(token);
  if (!match) return null;
  const [, path, expires, signature] = match as unknown as [string, RolloutPath, string, string];
  const expiresAt = Number(expires) * 1000;
  const now = Date.now();
  if (expiresAt <= now || expiresAt > now + LONGEST_LIFETIME_MS) return null;
  // `verify` compares in constant time.
  const genuine = await web.crypto.subtle.verify(
    "HMAC",
    key,
    fromBase64Url(signature),
    signedBytes(path, expires),
  );
  return genuine ? { path, expiresAt } : null;
}

/**
 * A secret, ready to sign and check with.
 *
 * @throws RangeError when the secret is too short to be one.
 */
export async function importKey(secret: string): Promise<object> {
  checkSecret(secret);
  const bytes = new web.TextEncoder().encode(secret);
  return web.crypto.subtle.importKey("raw", bytes, ALGORITHM, false, ["sign", "verify"]);
}

/**
 * Refuses a secret that could be guessed. The message never holds the secret.
 *
 * @throws RangeError when it has fewer than 32 characters.
 */
export function checkSecret(secret: string): void {
  if (secret.length >= SHORTEST_SECRET) return;
  throw new RangeError(
    `the force secret has ${secret.length} characters: it must have at least ${SHORTEST_SECRET}`,
  );
}

function signedBytes(path: string, expires: string): Uint8Array {
  return new web.TextEncoder().encode(`${PURPOSE}\n${path}\n${expires}`);
}

function toBase64Url(bytes: Uint8Array): string {
  const text = web.btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array {
  const binary = web.atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
