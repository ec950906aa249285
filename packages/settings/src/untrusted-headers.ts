import type { Rule } from "./setting.ts";
import { valueThat } from "./rules.ts";
import { defineSetting } from "./setting.ts";

/** Which headers of an untrusted peer no origin gets. All names are in lower case. */
export interface UntrustedHeaders {
  /** Whether the gateway's own list counts. */
  readonly hasDefault: boolean;
  /** More names; one that ends with `*` stands for all that begin so. */
  readonly dropped: readonly string[];
  /** Names that reach the origin in spite of these. */
  readonly kept: readonly string[];
}

const DEFAULT = "default";
const NOTHING = "none";
/** A header's name, or the begin of names; `-` before it keeps them. */
const ENTRY = /^-?[a-z\d][\w.-]*\*?$/;

const headerList: Rule<UntrustedHeaders> = valueThat(
  (text) => toEntries(text).every((entry) => ENTRY.test(entry)),
  toHeaders,
  "a comma-separated list of header names, - before one to keep, * at the end for all that begin so; default stands for the gateway's list, none for no header",
);

/** The headers that only a trusted proxy may send. */
export const UNTRUSTED_HEADERS = defineSetting({
  name: "UNTRUSTED_HEADERS",
  ...headerList,
  default: DEFAULT,
  meaning:
    "The request headers that speak of client, host, scheme or path, and that origins get from trusted proxies only. `default,X-Tenant,-X-Original-URL` drops one more and keeps one. What is kept, every client can forge.",
});

function toEntries(text: string): string[] {
  return text.split(",").map((entry) => entry.trim().toLowerCase());
}

function toHeaders(text: string): UntrustedHeaders {
  const entries = toEntries(text);
  const isName = (entry: string): boolean => entry !== DEFAULT && entry !== NOTHING;
  return {
    hasDefault: entries.includes(DEFAULT),
    dropped: entries.filter((entry) => isName(entry) && !entry.startsWith("-")),
    kept: entries.filter((entry) => entry.startsWith("-")).map((entry) => entry.slice(1)),
  };
}
