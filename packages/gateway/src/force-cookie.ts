import { FORCE_COOKIE } from "@edgezero/rollout/force";

/**
 * A `Cookie` header without a tester's token, which is good for days and no origin's business.
 *
 * Applications read a name in more spellings than the gateway does: with blanks around it, in other
 * letters, percent-encoded. And where two headers were joined by a comma, a cookie starts after that
 * too. A header without the token is given back as it is.
 */
export function withoutForceCookie(cookie: string): string {
  if (!/edgezero|%/i.test(cookie)) return cookie;
  const parts = cookie.split(";");
  const kept = parts.map(withoutToken).filter((part) => part !== null);
  const rest = kept.join(";");
  return rest === cookie ? cookie : rest.trim();
}

/** The part between two semicolons, or `null` where nothing is left of it. */
function withoutToken(part: string): string | null {
  const pieces = part.split(",");
  const kept = pieces.filter((piece) => !isForceCookie(piece));
  return kept.length === 0 ? null : kept.join(",");
}

function isForceCookie(piece: string): boolean {
  const name = piece.split("=", 1)[0]?.trim() ?? "";
  return decoded(name).trim().toLowerCase() === FORCE_COOKIE;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
