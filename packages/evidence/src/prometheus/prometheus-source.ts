import type { EvidenceWindow } from "@edgezero/progression";
import { metricNames } from "../counters/page.ts";
import { percentagesOf } from "../counters/percentages.ts";
import type { Pages } from "../counters/windows-of.ts";
import { aligned, windowsOf } from "../counters/windows-of.ts";
import type { Site } from "../http/site.ts";
import type { EvidenceReading, EvidenceSource, Missing, SourceOptions } from "../source.ts";
import { clocksApart, missing } from "../source.ts";
import { SourceConfigError } from "../source-config.ts";
import { readMatrix } from "./matrix.ts";

const TIMEOUT_MS = 10_000;
/** Windows of one query. */
const AT_A_TIME = 20;
/** Windows that are read back where the reducer has none yet: twice what it warms up with. */
const REMEMBERED = 40;
/** Windows that are caught up at most. */
const CAUGHT_UP = 240;
/** Windows after the last one whose first pages end it. */
const ENDED_BY = 2;
/** How far apart the clocks may be. An answer shows its own in whole seconds. */
const CLOCKS_APART_MS = 2500;
const ITSELF = "name Prometheus itself, such as prometheus:http://127.0.0.1:9090";
const ADVICE = { 404: ITSELF, 405: ITSELF, type: ITSELF };
const TYPES = ["application/json"];

/** Labels that the gateways' series must have, to tell them from those of others. */
export type Match = Readonly<Record<string, string>>;

/**
 * Reads raw samples from Prometheus and counts by them. Prometheus only remembers: what a counter rose
 * by, and whether it began again, is found as from the gateways' own pages.
 */
export function openPrometheus(
  site: Site,
  url: URL,
  match: Match,
  options: SourceOptions,
): EvidenceSource {
  const { windowMs } = options;
  const extra = /\/(?:graph|query|alerts|targets|metrics|api\/v1(?:\/.*)?)\/?$/.exec(url.pathname);
  if (extra !== null) {
    throw new SourceConfigError(`evidence: prometheus: has ${extra[0]} in its URL; ${ITSELF}`);
  }
  const labels = labelsOf(match).join(", ");
  const endpoint = endpointOf(url);
  const selector = selectorOf(options, match);
  let atATime = AT_A_TIME;

  async function pagesBetween(
    from: number,
    to: number,
    signal: AbortSignal,
  ): Promise<Pages | Missing> {
    // A range is open at its beginning.
    const query = `${selector}[${to - from + 1}ms]`;
    const answer = await site.ask({
      url: endpoint,
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ query, time: (to / 1000).toFixed(3) }).toString(),
      types: TYPES,
      timeoutMs: TIMEOUT_MS,
      signal,
      advice: ADVICE,
    });
    if (answer.kind === "missing") {
      if (answer.reason === "too-large") atATime = Math.max(1, Math.floor(atATime / 2));
      return answer;
    }
    const { aheadMs } = answer;
    if (aheadMs !== null && Math.abs(aheadMs) > CLOCKS_APART_MS) {
      const seconds = Math.round(aheadMs / 1000);
      return missing("not-understood", clocksApart(seconds));
    }
    return readMatrix(answer.text, labels);
  }

  return {
    name: "prometheus",
    // A query may have a secret in it.
    location: `${url.origin}${url.pathname}`,
    async read({ now, since, signal }): Promise<EvidenceReading> {
      const earliest =
        aligned(now, windowMs) - (since === null ? REMEMBERED : CAUGHT_UP) * windowMs;
      let from = Math.max(aligned(since ?? 0, windowMs), earliest);
      let newest: number | null = null;
      let windows: readonly EvidenceWindow[] = [];
      let percentages: readonly (number | null)[] = [];
      let absent: Missing | null = null;
      while (windows.length === 0 && from < now) {
        const to = Math.min(now, from + (atATime + ENDED_BY) * windowMs);
        const pages = await pagesBetween(from, to, signal);
        if (!("kind" in pages)) {
          newest = newestOf(pages, newest);
          windows = windowsOf(pages, Math.max(from, since ?? 0), to, options);
          percentages = percentagesOf(pages, windows);
        } else if (pages.reason !== "no-data") return pages;
        else absent = pages;
        if (to === now) break;
        from += atATime * windowMs;
      }
      if (newest === null && absent !== null) return absent;
      return { kind: "windows", windows, newest, percentages };
    },
    close: async () => site.close(),
  };
}

/** A query of the URL stays: a proxy may want one. */
function endpointOf(url: URL): string {
  const endpoint = new URL(url);
  endpoint.pathname = `${url.pathname.replace(/\/$/, "")}/api/v1/query`;
  return endpoint.href;
}

function selectorOf({ signals }: SourceOptions, match: Match): string {
  const names = [...metricNames(signals)].join("|");
  return `{${[`__name__=~${JSON.stringify(names)}`, ...labelsOf(match)].join(",")}}`;
}

function labelsOf(match: Match): string[] {
  return Object.entries(match).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
}

function newestOf(pages: Pages, newest: number | null): number {
  const last = [...pages.values()].map((known) => known.at(-1)?.at ?? 0);
  return Math.max(newest ?? 0, ...last);
}
