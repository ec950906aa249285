/** One value of a metric. */
export interface Sample {
  /** With the suffix `_bucket`, `_count` or `_sum`. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** May be NaN or infinite. */
  readonly value: number;
}

/** Thrown where a page is not in Prometheus's text format. */
export class ExpositionError extends Error {
  override readonly name = "ExpositionError";
}

const LINE =
  /^[ \t]*([a-zA-Z_:][a-zA-Z0-9_:]*)[ \t]*(?:\{([^]*)\})?[ \t]*(?<=[ \t}])([^ \t{}"]+)(?:[ \t]+(-?\d+))?[ \t]*$/;
const LABEL = /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\]|\\[^])*)"[ \t]*(,|$)/y;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const SPECIAL: Readonly<Record<string, number>> = {
  nan: NaN,
  inf: Infinity,
  "+inf": Infinity,
  "-inf": -Infinity,
  infinity: Infinity,
  "+infinity": Infinity,
  "-infinity": -Infinity,
};
const ESCAPED: Readonly<Record<string, string>> = { "\\\\": "\\", '\\"': '"', "\\n": "\n" };

/**
 * Reads the samples of a page in Prometheus's text format, version 0.0.4. Comments are skipped, and so
 * are the labels and values of metrics that are not wanted.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 *
 * @throws ExpositionError where a line is not in the format, a series comes twice, or the last line has
 * no end, as where the page was cut off.
 */
export function parseExposition(page: string, isWanted: (name: string) => boolean): Sample[] {
  if (page !== "" && !page.endsWith("\n")) throw new ExpositionError("the last line has no end");
  const samples: Sample[] = [];
  const seen = new Set<string>();
  for (const [index, line] of page.split("\n").entries()) {
    if (line.trim() === "" || /^[ \t]*#/.test(line)) continue;
    const match = LINE.exec(line);
    const fault = (what: string): ExpositionError =>
      new ExpositionError(`line ${index + 1}: ${what}`);
    if (match === null) throw fault("not a sample");
    const [, name = "", labelText = "", valueText = ""] = match;
    const value = numberOf(valueText);
    if (value === null) throw fault("the value is not a number");
    if (!isWanted(name)) continue;
    const labels = labelsOf(labelText);
    if (labels === null) throw fault("the labels are not in order");
    const sample = { name, labels, value };
    const key = seriesKey(sample);
    if (seen.has(key)) throw fault("the series comes twice");
    seen.add(key);
    samples.push(sample);
  }
  return samples;
}

/** Names a series: the same text whatever the order of its labels. */
export function seriesKey({ name, labels }: Pick<Sample, "name" | "labels">): string {
  return JSON.stringify([name, ...Object.entries(labels).toSorted(byName)]);
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}

function numberOf(text: string): number | null {
  const special = SPECIAL[text.toLowerCase()];
  if (special !== undefined) return special;
  return NUMBER.test(text) ? Number(text) : null;
}

function labelsOf(text: string): Record<string, string> | null {
  const labels: [string, string][] = [];
  const names = new Set<string>();
  LABEL.lastIndex = 0;
  while (text.slice(LABEL.lastIndex).trim() !== "") {
    const [, name, value, end] = LABEL.exec(text) ?? [];
    if (name === undefined || value === undefined || names.has(name)) return null;
    if (/\\[^\\"n]/.test(value.replaceAll("\\\\", ""))) return null;
    names.add(name);
    labels.push([name, value.replaceAll(/\\[^]/g, (escape) => ESCAPED[escape] ?? escape)]);
    if (end === "") break;
  }
  return Object.fromEntries(labels);
}
