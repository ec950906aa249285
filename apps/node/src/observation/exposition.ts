/** Names and values of labels. */
export type Labels = Readonly<Record<string, string>>;

/** One value of a metric. */
export interface Sample {
  /** Follows the metric's name; a histogram has several. */
  readonly suffix?: "_bucket" | "_count" | "_sum";
  readonly labels?: Labels;
  readonly value: number;
}

/** A metric with all its samples. */
export interface Metric {
  readonly name: string;
  /** One line for a reader. */
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  /**
   * How the values of several workers become one page: `sum` unless given. `worker` shows each with the
   * label `worker`; `same` is alike in all of them, and shown once.
   */
  readonly across?: "sum" | "worker" | "same";
  readonly samples: readonly Sample[];
}

/** The media type of {@link exposition}. */
export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Writes metrics in Prometheus's text format, version 0.0.4:
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function exposition(metrics: readonly Metric[]): string {
  let text = "";
  for (const { name, help, type, samples } of metrics) {
    text += `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${type}\n`;
    for (const { suffix = "", labels, value } of samples) {
      text += `${name}${suffix}${labels ? labelsText(labels) : ""} ${valueText(value)}\n`;
    }
  }
  return text;
}

function labelsText(labels: Labels): string {
  let text = "";
  for (const name in labels) {
    text += `${text === "" ? "{" : ","}${name}="${escapedValue(labels[name] as string)}"`;
  }
  return text === "" ? "" : `${text}}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function escapedValue(text: string): string {
  return escaped(text).replaceAll('"', '\\"');
}

function valueText(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? "+Inf" : "-Inf";
}
