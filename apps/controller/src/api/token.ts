import { createHash, timingSafeEqual } from "node:crypto";

/** A shorter token can be guessed. */
const SHORTEST_TOKEN = 32;

/**
 * Why the API must not listen at this address with this token; `null` where it may. An address beyond
 * loopback needs a token of at least 32 characters. The text names settings, never a token.
 */
export function tokenFinding(host: string, token: string | null): string | null {
  if (isLoopback(host)) return null;
  const why = `HOST is ${JSON.stringify(host)}, which other machines can reach`;
  if (token === null || token === "") {
    return `${why}: CONTROLLER_TOKEN must be set, at least ${SHORTEST_TOKEN} characters`;
  }
  if (token.length >= SHORTEST_TOKEN) return null;
  return `${why}: CONTROLLER_TOKEN must have at least ${SHORTEST_TOKEN} characters, not ${token.length}`;
}

/** Whether only this machine can reach an address or name. Any other name may be reachable. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "").toLowerCase();
  return bare === "localhost" || bare === "::1" || /^127(?:\.\d{1,3}){3}$/.test(bare);
}

/** Whether an `Authorization` header has the token. Takes the same time for every wrong one. */
export function hasToken(authorization: string | undefined, token: string): boolean {
  const given = /^bearer +(\S|\S.*\S) *$/i.exec(authorization ?? "")?.[1] ?? "";
  // Digests have one length, so that the time does not tell the token's.
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
