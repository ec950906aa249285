import { randomBytes } from "node:crypto";
import type { CountedClients } from "./client-counts.ts";
import { clientSamples } from "./client-counts.ts";
import type { Metric } from "./exposition.ts";
import { exposition } from "./exposition.ts";

/** Everything that one process has counted, in a form that can be sent to another. */
export interface Counted {
  readonly metrics: readonly Metric[];
  readonly clients: CountedClients;
}

/** The process that all counts of a gateway are shown under. */
export interface GatewayProcess {
  /** A random name, in 16 hexadecimal digits. */
  readonly name: string;
  /** Seconds since 1970. */
  readonly startedAt: number;
}

/** This process, which all its counts are shown under. */
export const THIS_PROCESS: GatewayProcess = {
  name: randomBytes(8).toString("hex"),
  startedAt: Math.round(performance.timeOrigin) / 1000,
};

/** The place of the clients in a list of metrics. Their samples can only be made for a page. */
export const CLIENTS: Metric = {
  name: "edgezero_clients",
  type: "gauge",
  help: "Distinct clients over the last minute, or since a page had another epoch, estimated, by path: all, and those of a failed request",
  across: "same",
  samples: [],
};

/** The metrics that name a process, and its start. */
export function processMetrics({ name, startedAt }: GatewayProcess): [info: Metric, start: Metric] {
  return [
    {
      name: "edgezero_gateway_info",
      type: "gauge",
      help: "1; its label names the process, so that one that is scraped as several targets counts once",
      across: "same",
      samples: [{ labels: { process: name }, value: 1 }],
    },
    {
      // The name is the one that all clients of Prometheus use.
      name: "process_start_time_seconds",
      type: "gauge",
      help: "When the process started, in seconds since 1970: all counters began at 0 then",
      across: "same",
      samples: [{ value: startedAt }],
    },
  ];
}

/** Writes a page of all metrics, in Prometheus's text format. */
export function pageText(metrics: readonly Metric[], clients: readonly CountedClients[]): string {
  return exposition(
    metrics.map((metric) =>
      metric.name === CLIENTS.name ? { ...metric, samples: clientSamples(clients) } : metric,
    ),
  );
}
