import { CONFIG_STORE_NAME } from "@edgezero/rollout";

/** A hash in a Redis server. */
export interface RedisLocation {
  /** The URL to connect to, with its credentials. */
  readonly address: string;
  /** The key of the hash whose fields are the rollout's keys. */
  readonly key: string;
  /** The URL without credentials, for logs and people. */
  readonly shown: string;
}

/** A URL is either read or refused; `why` is a sentence that quotes nothing of the URL. */
export type RedisUrl =
  | { readonly kind: "read"; readonly location: RedisLocation }
  | { readonly kind: "refused"; readonly why: string };

const FORM =
  "a Redis URL must be redis://host:port or rediss://host:port, with no parameter but key";
const ENCODING =
  "in a Redis URL, special characters must be percent-encoded, such as %40 for @, %23 for # and %2F for /";

/** Whether this text means a Redis server. */
export function isRedisUrl(text: string): boolean {
  return /^rediss?:/i.test(text);
}

/**
 * Reads `redis://user:password@host:port/database?key=name`, or `rediss://` for TLS. All but the
 * host may be left out; the key is then `trusted_server_config`.
 */
export function readRedisUrl(text: string): RedisUrl {
  if (!isRedisUrl(text)) return refused(FORM);
  const url = URL.canParse(text) ? new URL(text) : null;
  // A password that is not encoded moves a part of itself behind the host, and its "@" with it.
  if (url === null) return refused(text.includes("@") ? ENCODING : FORM);
  if (`${url.pathname}${url.search}${url.hash}`.includes("@")) return refused(ENCODING);
  if (url.hostname === "" || url.hash !== "" || !/^\/?\d{0,9}$/.test(url.pathname)) {
    return refused(FORM);
  }
  if (!isDecodable(url.username) || !isDecodable(url.password)) return refused(ENCODING);
  const names = [...url.searchParams.keys()];
  const key = url.searchParams.get("key") ?? CONFIG_STORE_NAME;
  if (names.length > 1 || names.some((name) => name !== "key") || key === "") return refused(FORM);
  const shown = shownUrl(url);
  url.search = "";
  return { kind: "read", location: { address: url.href, key, shown } };
}

/** Reads a URL as {@link readRedisUrl}; `null` where it is refused. */
export function parseRedisUrl(text: string): RedisLocation | null {
  const url = readRedisUrl(text);
  return url.kind === "read" ? url.location : null;
}

function refused(why: string): RedisUrl {
  return { kind: "refused", why };
}

function shownUrl(url: URL): string {
  const shown = new URL(url);
  shown.password = "";
  if (url.username !== "" || url.password !== "") shown.username = "***";
  return shown.href;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
