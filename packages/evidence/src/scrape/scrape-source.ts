import { messageOf } from "@edgezero/faults/faults";
import type { EvidenceWindow } from "@edgezero/progression";
import { aligned, windowsOf } from "../counters/windows-of.ts";
import type { Page } from "../counters/page.ts";
import { metricNames, pageOf } from "../counters/page.ts";
import { parseExposition } from "../exposition/parse-exposition.ts";
import type { Site } from "../http/site.ts";
import type { EvidenceReading, EvidenceSource, Missing, SourceOptions } from "../source.ts";
import { missing } from "../source.ts";
import type { FindTargets, Target } from "./targets.ts";

/** Windows that are kept for one who asks for them again. */
const KEPT = 60;
/** A page that takes longer belongs to no window. */
const LONGEST_MS = 10_000;
const PAGE =
  "name the gateway's metrics page, at its METRICS_PORT, such as scrape:http://127.0.0.1:9464/metrics";
const ADVICE = { 404: PAGE, type: PAGE, ECONNREFUSED: `nothing listens there; ${PAGE}` };
const TYPES = ["text/plain;version=0.0.4", "application/openmetrics-text"];

/**
 * Reads the gateways' own metrics pages. Each question scrapes all of them once, so that it should be
 * asked once a window; the first one gives no windows. Nothing is remembered beyond the process. A gateway
 * that does not answer is left out of the windows, and its last page is then the newest sample.
 */
export function openScrape(
  site: Site,
  findTargets: FindTargets,
  location: string,
  options: SourceOptions,
): EvidenceSource {
  const { windowMs, signals } = options;
  const wanted = metricNames(signals);
  const timeoutMs = Math.min(LONGEST_MS, windowMs);
  let pages = new Map<string, readonly Page[]>();
  let kept: readonly EvidenceWindow[] = [];
  /** The end of the last window for which nothing more is taken. */
  let settledTo = -Infinity;
  let askedAt = -Infinity;
  /** When each gateway was last heard of, or first asked. */
  let heardAt: ReadonlyMap<string, number> = new Map();

  async function scrape(target: Target, now: number, signal: AbortSignal): Promise<Page | Missing> {
    const { url, headers } = target;
    // A query may have a secret in it.
    const name = target.name.replace(/\?.*$/, "");
    const answer = await site.ask({
      url,
      headers,
      types: TYPES,
      timeoutMs,
      signal,
      advice: ADVICE,
    });
    if (answer.kind === "missing") return { ...answer, detail: `${name}: ${answer.detail}` };
    try {
      const page = pageOf(
        now,
        parseExposition(answer.text, (metric) => wanted.has(metric)),
      );
      if (!("kind" in page)) return page;
      const todo = page.reason === "no-data" ? `; ${PAGE}` : "";
      return { ...page, detail: `${name}: ${page.detail}${todo}` };
    } catch (fault) {
      return missing("not-understood", `${name}: ${messageOf(fault)}`);
    }
  }

  /** The clock was set back: pages from a time that is yet to come are of no use. */
  function forgetFuture(now: number): void {
    if (now >= askedAt) return;
    pages = new Map();
    kept = [];
    settledTo = -Infinity;
    heardAt = new Map();
  }

  function keep(found: ReadonlyMap<string, Page>, now: number): void {
    const names = new Set([...pages.keys(), ...found.keys()]);
    const next = new Map<string, readonly Page[]>();
    for (const name of names) {
      const page = found.get(name);
      const recent = (pages.get(name) ?? []).filter(({ at }) => at > now - 4 * windowMs);
      const all = page === undefined ? recent : [...recent, page];
      if (all.length > 0) next.set(name, all);
    }
    pages = next;
  }

  /** Reads all pages that there are. Gives why there is no page, or the fault of the first one that lacks. */
  async function read(
    now: number,
    signal: AbortSignal,
  ): Promise<Missing | { readonly lacking: string | null }> {
    let targets: readonly Target[];
    try {
      targets = await findTargets(now);
    } catch (fault) {
      return missing("unreachable", messageOf(fault));
    }
    const answers = await Promise.all(
      targets.map(async (target) => [target.name, await scrape(target, now, signal)] as const),
    );
    const found = new Map<string, Page>();
    let first: Missing | null = null;
    for (const [name, answer] of answers) {
      if ("kind" in answer) first ??= answer;
      else found.set(name, answer);
    }
    keep(found, now);
    heardAt = new Map(
      targets.map(({ name }) => [name, found.has(name) ? now : (heardAt.get(name) ?? now)]),
    );
    if (found.size === 0) return first ?? missing("no-data", "the name has no address");
    return { lacking: first === null ? null : `${first.reason}: ${first.detail}` };
  }

  return {
    name: "scrape",
    location,
    async read({ now, since, signal }): Promise<EvidenceReading> {
      forgetFuture(now);
      askedAt = now;
      const answered = await read(now, signal);
      if ("kind" in answered) return answered;
      const windows = windowsOf(pages, settledTo, now, options);
      const last = windows.at(-1);
      if (last !== undefined) settledTo = last.to;
      // A window that nobody counted is settled, too, once its time is over.
      settledTo = Math.max(settledTo, aligned(now, windowMs) - 2 * windowMs);
      kept = [...kept, ...windows].slice(-KEPT);
      return {
        kind: "windows",
        windows: kept.filter(({ from }) => from >= (since ?? -Infinity)),
        newest: Math.min(...heardAt.values()),
        ...(answered.lacking !== null && { lacking: answered.lacking }),
      };
    },
    close: async () => site.close(),
  };
}
