import { resolve } from "node:path";
import { isRedisUrl, readRedisUrl } from "../redis/location.ts";

/** The place of a journal. */
export type JournalLocation =
  /** `path` is absolute. */
  | { readonly kind: "file"; readonly path: string }
  /** A URL of the form of a Redis store's. It may hold credentials. */
  | { readonly kind: "redis"; readonly url: string }
  /** Nobody can tell where it is; `why` is for people, without credentials. */
  | { readonly kind: "unknown"; readonly why: string };

/** The journal in a file, whose path may be relative to `base`. */
export function fileJournalAt(path: string, base: string): JournalLocation {
  return { kind: "file", path: resolve(base, path) };
}

/** Why a text is not the URL of a journal; `null` where it is one. Quotes nothing of it. */
export function journalUrlFault(text: string): string | null {
  if (!isRedisUrl(text))
    return "the URL of a Redis, such as redis://host:6379; `audit` is for a file";
  const url = readRedisUrl(text);
  return url.kind === "read" ? null : url.why;
}

/**
 * The journal that an environment variable names, where its URL holds a password. One that is not set is no
 * reason to use another journal.
 */
export function journalIn(variable: string, value: string | undefined): JournalLocation {
  if (!value) return { kind: "unknown", why: `${variable} is not set: it has the journal's URL` };
  const fault = journalUrlFault(value);
  return fault === null
    ? { kind: "redis", url: value }
    : { kind: "unknown", why: `${variable} names no journal: ${fault}` };
}

/** One text for one place, to compare; `null` for a place that is not known. */
export function journalIdentity(location: JournalLocation): string | null {
  if (location.kind === "unknown") return null;
  if (location.kind === "file") return location.path;
  const url = readRedisUrl(location.url);
  if (url.kind === "refused") return null;
  const { hostname, port, pathname } = new URL(url.location.address);
  return JSON.stringify([
    hostname,
    port || "6379",
    pathname.replace("/", "") || "0",
    url.location.key,
  ]);
}
