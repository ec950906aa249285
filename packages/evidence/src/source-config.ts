import { readFileSync } from "node:fs";
import { messageOf } from "@edgezero/faults/faults";
import type { SourceName } from "./source.ts";

/** A source as a config names it. Secrets are named, never given. */
export interface SourceConfig {
  /**
   * Such as `scrape:http://127.0.0.1:9464/metrics`, `prometheus:https://prometheus.internal`, `events:` or
   * `analytics-engine:<account id>/edgezero_events`.
   */
  readonly url: string;
  /** The environment variable that has a bearer token. */
  readonly tokenEnv?: string;
  /** The file that has a bearer token. It is read for each question, so that it may be replaced. */
  readonly tokenFile?: string;
  /** The name of a user, for basic auth. */
  readonly user?: string;
  /** The environment variable that has the user's password. */
  readonly passwordEnv?: string;
  /** A file with certificates of authorities to trust, in PEM. */
  readonly caFile?: string;
  /**
   * Labels of the gateways' series in Prometheus, such as `job`. Default: all series with their names. For
   * Analytics Engine `service`, the Worker's `SERVICE_NAME`, without which it is not opened.
   */
  readonly match?: Readonly<Record<string, string>>;
  /** How late the newest data is by its nature, in milliseconds. Default 0. */
  readonly delayMs?: number;
}

/** A scheme of a source's text, and the name of the source. */
const SCHEMES = {
  scrape: "scrape",
  "scrape+dns": "scrape",
  prometheus: "prometheus",
  events: "events",
  "analytics-engine": "analytics-engine",
} as const satisfies Readonly<Record<string, SourceName>>;

type Scheme = keyof typeof SCHEMES;

/** A source's text, taken apart. */
export interface Place {
  readonly name: SourceName;
  readonly isDns: boolean;
  /** At least one, but for `events:` and `analytics-engine:`, which have no URL. */
  readonly urls: readonly URL[];
  /** What follows the scheme. */
  readonly rest: string;
}

/** Thrown where a config names no source that can be opened. */
export class SourceConfigError extends Error {
  override readonly name = "SourceConfigError";
}

/** @throws SourceConfigError, whose message never has the text of a URL with credentials. */
export function parsePlace(text: string): Place {
  const scheme = /^([a-z+-]+):/.exec(text)?.[1] ?? "";
  if (!isScheme(scheme)) {
    const allowed = Object.keys(SCHEMES).join(":, ");
    throw new SourceConfigError(
      `evidence: ${JSON.stringify(`${scheme}:`)} is no source; allowed: ${allowed}:`,
    );
  }
  const name = SCHEMES[scheme];
  const rest = text.slice(scheme.length + 1);
  if (name === "events") {
    if (rest === "") return { name, isDns: false, urls: [], rest };
    throw new SourceConfigError("evidence: events: takes no address; events are posted to it");
  }
  if (name === "analytics-engine") return { name, isDns: false, urls: [], rest };
  const urls = rest.split(/,(?=https?:)/).map((url) => parseUrl(scheme, url));
  if (urls.length > 1 && scheme !== "scrape") {
    throw new SourceConfigError(`evidence: ${scheme}: takes one URL, not ${urls.length}`);
  }
  return { name, isDns: scheme === "scrape+dns", urls, rest };
}

function isScheme(text: string): text is Scheme {
  return Object.hasOwn(SCHEMES, text);
}

function parseUrl(scheme: Scheme, text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new SourceConfigError(
      `evidence: ${scheme}: needs a URL such as ${scheme}:http://127.0.0.1:9464/metrics`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new SourceConfigError(
      `evidence: ${scheme}:${url.protocol}//${url.host} has credentials in its URL; name them by tokenEnv, tokenFile or passwordEnv`,
    );
  }
  return url;
}

/** @throws SourceConfigError where the file cannot be read. */
export function readCa(caFile: string | undefined): string | undefined {
  if (caFile === undefined) return undefined;
  try {
    return readFileSync(caFile, "utf8");
  } catch (fault) {
    throw new SourceConfigError(`evidence: caFile ${caFile}: ${messageOf(fault)}`);
  }
}
