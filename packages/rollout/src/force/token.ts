import type { RolloutPath } from "../rollout-path.ts";
import { importKey, isSigned, sign, SIGNATURE } from "../signature.ts";

const LONGEST_LIFETIME_MS = 7 * 24 * 3600 * 1000;
/** So that a signature made for another purpose with the same secret means nothing here. */
const PURPOSE = "edgezero-force";
const TOKEN = new RegExp(`^(legacy|edgezero)\\.(\\d{1,12})\\.${SIGNATURE}$`);

/** What messages call the secret. */
export const FORCE_SECRET_NAME = "force secret";

/** Settings of {@link mintForceToken}. */
export interface ForceTokenOptions {
  /** The secret that the gateways have: at least 32 characters, from a random source. */
  readonly secret: string;
  readonly path: RolloutPath;
  /**
   * How long the token is good for, in milliseconds: 1000 to 604800000, which is 7 days. It ends on
   * a whole second: up to a second earlier.
   */
  readonly lifetimeMs: number;
}

/**
 * Makes a token that forces a path for anyone who presents it, until it expires: its path, when it
 * expires in seconds since 1970, and an HMAC-SHA-256 of both.
 *
 * @throws RangeError when the secret is too short, the path is another text or the lifetime is out of
 * range.
 */
export async function mintForceToken(options: ForceTokenOptions): Promise<string> {
  const { secret, path, lifetimeMs } = options;
  if (path !== "legacy" && path !== "edgezero") {
    throw new RangeError(`path is ${JSON.stringify(path)}, not "legacy" or "edgezero"`);
  }
  if (!(lifetimeMs >= 1000 && lifetimeMs <= LONGEST_LIFETIME_MS)) {
    throw new RangeError(`lifetimeMs is ${lifetimeMs}, not 1000 to ${LONGEST_LIFETIME_MS}`);
  }
  const expires = String(Math.floor((Date.now() + lifetimeMs) / 1000));
  const key = await importKey(secret, FORCE_SECRET_NAME);
  return `${path}.${expires}.${await sign(signedText(path, expires), key)}`;
}

/** The content of a token. Trust it only once it {@link isGenuine}. */
export interface ForceToken {
  readonly path: RolloutPath;
  /** In seconds since 1970, as it is written. */
  readonly expires: string;
  readonly signature: string;
}

/** Takes a token apart: `null` for one that is malformed, expired, or good for over 7 days. */
export function parseForceToken(token: string): ForceToken | null {
  const match = TOKEN.exec(token);
  if (!match) return null;
  const [, path, expires, signature] = match as unknown as [string, RolloutPath, string, string];
  const leftMs = Number(expires) * 1000 - Date.now();
  return leftMs > 0 && leftMs <= LONGEST_LIFETIME_MS ? { path, expires, signature } : null;
}

/** Whether a token was signed with the key's secret. Takes the same time for any signature. */
export function isGenuine({ path, expires, signature }: ForceToken, key: object): Promise<boolean> {
  return isSigned(signedText(path, expires), signature, key);
}

function signedText(path: string, expires: string): string {
  return `${PURPOSE}\n${path}\n${expires}`;
}
