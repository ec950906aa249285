import type { Sample } from "../exposition/parse-exposition.ts";
import type { Page } from "../counters/page.ts";
import { pageOf } from "../counters/page.ts";
import type { Pages } from "../counters/windows-of.ts";
import type { Missing } from "../source.ts";
import { missing } from "../source.ts";

/** A series of an answer, with its raw samples. */
interface Series {
  readonly metric: Readonly<Record<string, string>>;
  /** Seconds of the epoch, and the value as text. */
  readonly values: readonly (readonly [number, string])[];
}

/**
 * Reads the answer to a query of a range of raw samples: the pages of each target, as it was scraped.
 *
 * @param labels Those that were asked for, for people.
 */
export function readMatrix(text: string, labels = ""): Pages | Missing {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return missing("not-understood", "the answer is not JSON");
  }
  const series = seriesOf(answer);
  if (series === null) return missing("not-understood", "the answer is not a matrix of Prometheus");
  const pages = new Map<string, readonly Page[]>();
  let fault: Missing | null = null;
  for (const [target, byTime] of groupedByTarget(series)) {
    const known: Page[] = [];
    for (const [at, samples] of [...byTime].toSorted(([a], [b]) => a - b)) {
      const page = pageOf(at, samples);
      if ("kind" in page) fault ??= page;
      else known.push(page);
    }
    if (known.length > 0) pages.set(target, known);
  }
  if (pages.size > 0) return pages;
  const asked = labels === "" ? "" : ` with ${labels}`;
  const said = `Prometheus has no edgezero_requests_total${asked} at this time: look whether it scrapes the gateways`;
  return fault ?? missing("no-data", said);
}

/** The samples of one scrape have one time, by which they are brought together again. */
function groupedByTarget(series: readonly Series[]): Map<string, Map<number, Sample[]>> {
  const targets = new Map<string, Map<number, Sample[]>>();
  for (const { metric, values } of series) {
    const { __name__: name = "", job = "", instance = "", ...labels } = metric;
    const target = JSON.stringify([job, instance]);
    const byTime = targets.get(target) ?? new Map<number, Sample[]>();
    targets.set(target, byTime);
    for (const [seconds, value] of values) {
      const at = Math.round(seconds * 1000);
      const samples = byTime.get(at) ?? [];
      byTime.set(at, samples);
      samples.push({ name, labels, value: numberOf(value) });
    }
  }
  return targets;
}

/** Prometheus writes infinity in its own way. */
function numberOf(text: string): number {
  return text === "+Inf" ? Infinity : text.trim() === "" ? NaN : Number(text);
}

function seriesOf(answer: unknown): readonly Series[] | null {
  if (!isObject(answer) || answer["status"] !== "success" || !isObject(answer["data"])) return null;
  const { resultType, result } = answer["data"];
  if (resultType !== "matrix" || !Array.isArray(result)) return null;
  const all: readonly unknown[] = result;
  return all.every(isSeries) ? all : null;
}

function isSeries(value: unknown): value is Series {
  if (!isObject(value) || !isObject(value["metric"])) return false;
  if (!Object.values(value["metric"]).every((label) => typeof label === "string")) return false;
  // A series of native histograms has no values.
  const values: unknown = value["values"];
  return Array.isArray(values) && values.every(isPoint);
}

function isPoint(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === "number" && typeof value[1] === "string";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
