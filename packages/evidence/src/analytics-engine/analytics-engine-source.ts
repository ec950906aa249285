import type { EvidenceWindow } from "@edgezero/progression";
import { aligned } from "../counters/windows-of.ts";
import type { Site } from "../http/site.ts";
import type { EvidenceReading, EvidenceSource, Missing, SourceOptions } from "../source.ts";
import { clocksApart, missing } from "../source.ts";
import { SourceConfigError } from "../source-config.ts";
import type { Dataset } from "./dataset.ts";
import { endpointOf } from "./dataset.ts";
import { queryOf } from "./query.ts";
import type { Row } from "./read-rows.ts";
import { readRows } from "./read-rows.ts";
import { percentagesOfRows, windowsOfRows } from "./row-windows.ts";

/** How late data points may be, unless the config says otherwise. Cloudflare promises no time. */
export const ANALYTICS_ENGINE_DELAY_MS = 60_000;

const TIMEOUT_MS = 10_000;
/** Windows of one query. */
const AT_A_TIME = 20;
/** Windows that are read back where the reducer has none yet: twice what it warms up with. */
const REMEMBERED = 40;
/** Windows that are caught up at most. */
const CAUGHT_UP = 240;
/** How far apart the clocks may be. An answer shows its own in whole seconds. */
const CLOCKS_APART_MS = 2500;
const TYPES = ["application/json"];

/**
 * Reads what the Worker wrote to Analytics Engine, by its SQL API. A window is read once it has been over
 * for `delayMs`; data points of it that come later are not counted. A window without one is not given, and
 * is not asked for again.
 *
 * @throws SourceConfigError where windows are no whole seconds, which is how exactly data points have
 * their times, or where the address of the API is not valid.
 */
export function openAnalyticsEngine(
  site: Site,
  dataset: Dataset,
  delayMs: number,
  options: SourceOptions,
): EvidenceSource {
  const { windowMs } = options;
  if (windowMs % 1000 !== 0) {
    throw new SourceConfigError("evidence: analytics-engine: windows must be whole seconds");
  }
  const url = endpointOf(dataset, options.env);
  const advice = {
    400: `look whether the account has a dataset ${dataset.name}; the Worker's first event makes it`,
  };
  let atATime = AT_A_TIME;
  let newest: number | null = null;
  /** A time in which there is no data point, so that it is not asked for again. */
  let empty = { from: 0, to: 0 };
  let sampledBy = 1;

  async function rowsBetween(
    from: number,
    to: number,
    signal: AbortSignal,
  ): Promise<readonly Row[] | Missing> {
    const answer = await site.ask({
      url,
      method: "POST",
      headers: { "content-type": "text/plain" },
      body: queryOf(dataset, from, to, windowMs),
      types: TYPES,
      timeoutMs: TIMEOUT_MS,
      signal,
      advice,
    });
    if (answer.kind === "missing") return answer;
    const { aheadMs } = answer;
    if (aheadMs !== null && Math.abs(aheadMs) > CLOCKS_APART_MS) {
      const seconds = Math.round(aheadMs / 1000);
      return missing("not-understood", clocksApart(seconds));
    }
    return readRows(answer.text);
  }

  function take(rows: readonly Row[]): readonly EvidenceWindow[] {
    newest = rows.reduce((latest, row) => Math.max(latest, row.newest), newest ?? 0);
    sampledBy = rows.reduce((most, { sampleInterval }) => Math.max(most, sampleInterval), 1);
    return windowsOfRows(rows, windowMs, options);
  }

  return {
    name: "analytics-engine",
    location: `dataset ${dataset.name} of account ${dataset.account}`,
    note: () =>
      sampledBy === 1 ? null : `it is sampled: a row stands for up to ${sampledBy} requests`,
    async read({ now, since, signal }): Promise<EvidenceReading> {
      const end = aligned(now - delayMs, windowMs);
      const earliest = end - (since === null ? REMEMBERED : CAUGHT_UP) * windowMs;
      let from = Math.max(aligned(since ?? 0, windowMs), earliest);
      // No further window is over: nothing is asked.
      if (from >= end && newest !== null) return { kind: "windows", windows: [], newest };
      if (from >= empty.from && from < empty.to) from = empty.to;
      while (from < end) {
        const to = Math.min(end, from + atATime * windowMs);
        const rows = await rowsBetween(from, to, signal);
        if ("kind" in rows) {
          if (rows.reason === "too-large") atATime = Math.max(1, Math.floor(atATime / 2));
          return rows;
        }
        if (rows.length > 0) {
          const percentages = percentagesOfRows(rows);
          return { kind: "windows", windows: take(rows), newest, percentages };
        }
        empty = from === empty.to ? { ...empty, to } : { from, to };
        from = to;
      }
      const said = `the dataset has no data point of the service ${dataset.service} of this time`;
      return missing("no-data", `${said}: look at the Worker's binding EDGEZERO_EVENTS`);
    },
    close: async () => site.close(),
  };
}
