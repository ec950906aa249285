import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import type { EvidenceWindow } from "@edgezero/progression";
import { aligned } from "../counters/windows-of.ts";
import { LATENCY_BOUNDS_MS } from "../latency-bounds.ts";
import { openSource } from "../open-source.ts";
import type { CountedSignal, EvidenceReading, EvidenceSource, SourceName } from "../source.ts";
import { SOURCE_NAMES } from "../source.ts";
import type { SourceConfig } from "../source-config.ts";
import { parsePlace, SourceConfigError } from "../source-config.ts";

/** What is asked of the past. */
export interface PastRequest {
  /** A source's text; the name of a source that `evidence` has, such as `prometheus`; or a recording's file. */
  readonly from: string;
  /** The sources of the environment, with their access, by the schema of the config. */
  readonly evidence: readonly unknown[];
  readonly signals: readonly CountedSignal[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The end, in milliseconds of the epoch. */
  readonly now: number;
}

const DAY_MS = 86_400_000;
/** Shorter windows would be thousands of them. */
const WINDOW_MS = 60_000;
/** Windows of one question. */
const AT_A_TIME = 40;
/** Of them, those at the end that may not be whole yet. */
const NOT_YET = 2;
/** How often a question is asked again: each time for less, or after a pause. */
const TRIES = 6;

/** Sources that can be asked for what was. The others count from when they are asked. */
const REMEMBERS: Readonly<Record<SourceName, boolean>> = {
  scrape: false,
  prometheus: true,
  events: false,
  "analytics-engine": true,
};

/**
 * Reads a recording: a file as it is, or the last day of a source, in windows of a minute. NDJSON by
 * `recording.schema.json`. Windows of a source in which the percentage changed are left out.
 *
 * @throws SourceConfigError where the text names a source that does not remember, or is not in order.
 * @throws Error, with a message for people, where the file cannot be read, or where the source does not
 * answer or knows nothing of the day.
 */
export async function readPast(request: PastRequest): Promise<string> {
  return NAMES_SOURCE.test(request.from) ? recordDay(request) : readFile(request.from, "utf8");
}

const NAMES_SOURCE = /^(?:scrape(?:\+dns)?|prometheus|events|analytics-engine)(?::|$)/;

async function recordDay(request: PastRequest): Promise<string> {
  const { now, signals, env } = request;
  const config = configOf(request);
  const bounds = LATENCY_BOUNDS_MS;
  const source = openSource(config, { windowMs: WINDOW_MS, signals, bounds, env });
  try {
    const windows = await readDay(source, now);
    const head = {
      type: "recording",
      version: 1,
      source: source.name,
      windowMs: WINDOW_MS,
      bounds,
    };
    const lines = [head, ...windows].map((line) => JSON.stringify(line));
    return `${lines.join("\n")}\n`;
  } finally {
    await source.close();
  }
}

function urlOf(given: string | SourceConfig): string {
  return typeof given === "string" ? given : given.url;
}

function configOf({ from, evidence }: PastRequest): string | SourceConfig {
  const configs = evidence.map((given) => given as string | SourceConfig);
  const isName = (SOURCE_NAMES as readonly string[]).includes(from);
  const found = configs.find((given) =>
    isName ? parsePlace(urlOf(given)).name === from : urlOf(given) === from,
  );
  if (isName && found === undefined) {
    throw new SourceConfigError(
      `evidence: the environment has no source ${from}:, so that its address is needed, such as ${from}:…`,
    );
  }
  const chosen = found ?? from;
  const { name } = parsePlace(urlOf(chosen));
  if (REMEMBERS[name]) return chosen;
  throw new SourceConfigError(
    `evidence: ${name}: remembers nothing of the past; prometheus: and analytics-engine: do`,
  );
}

interface RecordedLine extends EvidenceWindow {
  readonly type: "window";
  readonly source: string;
  readonly pct: number;
}

async function readDay(source: EvidenceSource, now: number): Promise<readonly RecordedLine[]> {
  const known: RecordedLine[] = [];
  let since = aligned(now - DAY_MS, WINDOW_MS);
  let isKnown = false;
  while (since < aligned(now, WINDOW_MS)) {
    const until = Math.min(now, since + AT_A_TIME * WINDOW_MS);
    const reading = await readUntil(source, since, until);
    if (reading.kind === "missing" && reading.reason !== "no-data") {
      throw new Error(`${source.location}: ${reading.detail}`);
    }
    const windows = reading.kind === "windows" ? reading.windows : [];
    if (reading.kind === "windows") known.push(...linesOf(source.name, reading));
    isKnown ||= windows.length > 0;
    // A source may give fewer windows at once than it was asked for.
    if (windows.length === 0 && until === now) break;
    since = windows.at(-1)?.to ?? nextOf(since, until);
  }
  if (known.length > 0) return known;
  throw new Error(
    isKnown
      ? `${source.location} does not know the percentage of any window of the last day`
      : `${source.location} has no requests of a gateway in the last day`,
  );
}

function nextOf(since: number, until: number): number {
  return Math.max(since + WINDOW_MS, aligned(until, WINDOW_MS) - NOT_YET * WINDOW_MS);
}

async function readUntil(
  source: EvidenceSource,
  since: number,
  until: number,
): Promise<EvidenceReading> {
  const { signal } = new AbortController();
  let reading = await source.read({ now: until, since, signal });
  for (let tries = 1; tries < TRIES && reading.kind === "missing"; tries += 1) {
    if (reading.reason !== "too-large" && reading.reason !== "rate-limited") break;
    await wait(Math.min(reading.retryAfterMs ?? 0, WINDOW_MS));
    reading = await source.read({ now: until, since, signal });
  }
  return reading;
}

function linesOf(
  source: SourceName,
  { windows, percentages = [] }: Extract<EvidenceReading, { kind: "windows" }>,
): RecordedLine[] {
  return windows.flatMap((window, i): RecordedLine[] => {
    const pct = percentages[i] ?? null;
    return pct === null ? [] : [Object.assign({ type: "window", source, pct } as const, window)];
  });
}
