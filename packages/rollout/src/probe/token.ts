import { importKey, isSigned, sign, SIGNATURE } from "../signature.ts";
import { web } from "../web.ts";

const LONGEST_LIFETIME_MS = 60_000;
const USUAL_LIFETIME_MS = 30_000;
/** The last millisecond of a `Date`. */
const LATEST_MS = 8.64e15;
/** So that a signature made for another purpose with the same secret means nothing here. */
export const PURPOSE = "edgezero-probe";
const TOKEN = new RegExp(`^((\\d{1,13})\\.[\\w-]{22}\\.(\\d\\d?))\\.${SIGNATURE}$`);

/** What messages call the secret. */
export const PROBE_SECRET_NAME = "probe secret";

/** Settings of {@link mintProbeToken}. */
export interface ProbeTokenOptions {
  /** The secret that the gateways have: at least 32 characters, from a random source. */
  readonly secret: string;
  /** The bucket whose decision is asked for, 0 to 99. */
  readonly bucket: number;
  /**
   * The time by the gateway's clock, in milliseconds since 1970; this machine's own unless given.
   */
  readonly now?: number | undefined;
  /**
   * How long the token is good for, in milliseconds: 1000 to 60000; 30000 unless given. It ends on a
   * whole second: up to a second earlier. One that is good for over a minute by the gateway's clock
   * does not count there: less than the longest time leaves room for clocks that differ.
   */
  readonly lifetimeMs?: number | undefined;
}

/**
 * Makes a token that asks a gateway for its decision about a bucket, until it expires: when it
 * expires in seconds since 1970, a nonce, the bucket, and an HMAC-SHA-256 of them. It may be sent
 * more than once.
 *
 * @throws RangeError when the secret is too short, or the bucket or a time is out of range.
 */
export async function mintProbeToken(options: ProbeTokenOptions): Promise<string> {
  const { secret, bucket, now = Date.now(), lifetimeMs = USUAL_LIFETIME_MS } = options;
  check("bucket", bucket, 0, 99, "a whole number from ");
  check("now", now, 0, LATEST_MS);
  check("lifetimeMs", lifetimeMs, 1000, LONGEST_LIFETIME_MS);
  const key = await importKey(secret, PROBE_SECRET_NAME);
  const expires = `${Math.floor((now + lifetimeMs) / 1000)}`;
  // Its last 22 characters have 74 random bits.
  const nonce = web.crypto.randomUUID().slice(14);
  const claims = `${expires}.${nonce}.${bucket}`;
  return `${claims}.${await sign(signedText(claims), key)}`;
}

/** The content of a token. Trust it only once it {@link isGenuine}. */
export interface ProbeToken {
  readonly bucket: number;
  /** The text that must have been signed. */
  readonly signed: string;
  readonly signature: string;
}

type Five = [string, string, string, string, string];

/** Takes a token apart: `null` for one that is malformed, expired, or good for over a minute. */
export function parseProbeToken(token: string): ProbeToken | null {
  const match = TOKEN.exec(token);
  if (!match) return null;
  const [, claims, expires, bucket, signature] = match as unknown as Five;
  const leftMs = Number(expires) * 1000 - Date.now();
  if (!(leftMs > 0 && leftMs <= LONGEST_LIFETIME_MS)) return null;
  return { bucket: Number(bucket), signed: signedText(claims), signature };
}

/** Whether a token was signed with the key's secret. Takes the same time for any signature. */
export function isGenuine({ signed, signature }: ProbeToken, key: object): Promise<boolean> {
  return isSigned(signed, signature, key);
}

function signedText(claims: string): string {
  return `${PURPOSE}\n${claims.replaceAll(".", "\n")}`;
}

function check(name: string, value: number, least: number, most: number, kind = ""): void {
  if (value >= least && value <= most && !(kind && value % 1)) return;
  throw new RangeError(`${name} is ${value}, not ${kind}${least} to ${most}`);
}
