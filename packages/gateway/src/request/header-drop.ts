import type { UntrustedHeaders } from "@edgezero/settings";
import { GATEWAY_HEADERS } from "../gateway-headers.ts";
import { HOP_BY_HOP_HEADERS } from "../hop-by-hop.ts";
import { remembered } from "../remembered.ts";
import { UNTRUSTED_BY_CLAIM } from "./untrusted-headers.ts";

/**
 * From whom an origin gets a header: from nobody, from a trusted proxy, from everyone.
 *
 * @param name In lower case.
 */
export type SourceOf = (name: string) => "nobody" | "proxies" | "everyone";

/** Headers that frame a message, or say whom it is for. */
const FRAMING: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP_HEADERS,
  "content-length",
  "expect",
  "host",
]);

/** Names that are remembered. Clients usually send a few dozen; names of attackers are forgotten. */
const MOST_NAMES = 500;

/**
 * Decides about each request header by its name.
 *
 * CGI and its heirs take `X_Forwarded_For`, or any other character in place of the dash, for
 * `X-Forwarded-For`. No proxy writes such a name, so an origin gets none that looks like a header that
 * frames, forwards or is the gateway's own. `Proxy` would become the variable `HTTP_PROXY` there.
 */
export function createSourceOf({ hasDefault, dropped, kept }: UntrustedHeaders): SourceOf {
  const isDefault = nameMatcher(Object.values(UNTRUSTED_BY_CLAIM).flat());
  const isDropped = nameMatcher([...dropped]);
  const isKept = nameMatcher([...kept]);

  function find(name: string): ReturnType<SourceOf> {
    if (name === "proxy") return "nobody";
    const usual = name.replaceAll(/[^a-z\d]/g, "-");
    if (usual !== name) {
      const looksLike =
        FRAMING.has(usual) || GATEWAY_HEADERS.has(usual) || isDefault(usual) || isDropped(usual);
      if (looksLike) return "nobody";
    }
    const isUntrusted = (hasDefault && isDefault(name)) || isDropped(name);
    return isUntrusted && !isKept(name) ? "proxies" : "everyone";
  }

  return remembered(find, MOST_NAMES);
}

/** Matches names of a list; one that ends with `*` stands for all that begin so. */
function nameMatcher(list: readonly string[]): (name: string) => boolean {
  const names = new Set(list);
  const begins = list.filter((name) => name.endsWith("*")).map((name) => name.slice(0, -1));
  return (name) => names.has(name) || begins.some((begin) => name.startsWith(begin));
}
