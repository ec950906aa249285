import { CONFIG_STORE_NAME } from "@edgezero/rollout";

/** Where in a Redis server the config is. */
export interface RedisLocation {
  /** The URL that was given, with its credentials. */
  readonly url: URL;
  /** The key of the hash whose fields are the rollout's keys. */
  readonly key: string;
  /** The URL without credentials, for logs and people. */
  readonly shown: string;
}

/** Whether this text means a Redis server. */
export function isRedisUrl(text: string): boolean {
  return /^rediss?:/i.test(text);
}

/**
 * Reads `redis://user:password@host:port/database?key=name`, or `rediss://` for TLS. All but the
 * host may be left out; the key is then `trusted_server_config`.
 *
 * @returns `null` when it is anything else, or has other parameters.
 */
export function parseRedisUrl(text: string): RedisLocation | null {
  const url = URL.canParse(text) && isRedisUrl(text) ? new URL(text) : null;
  if (url === null || url.hostname === "" || url.hash !== "") return null;
  if (!/^\/?\d{0,9}$/.test(url.pathname) || !isDecodable(url)) return null;
  const names = [...url.searchParams.keys()];
  if (names.length > 1 || names.some((name) => name !== "key")) return null;
  const key = url.searchParams.get("key") ?? CONFIG_STORE_NAME;
  return key === "" ? null : { url, key, shown: withoutCredentials(text) };
}

/** A URL, however malformed, without what may be its user name and password. */
export function withoutCredentials(text: string): string {
  // To the last "@", since a password that was not escaped may hold one, or a slash.
  return text.replace(/^([a-z][a-z0-9+.-]*:)(?:\/\/)?.*@/is, "$1//***@");
}

function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username);
    decodeURIComponent(password);
    return true;
  } catch {
    return false;
  }
}
