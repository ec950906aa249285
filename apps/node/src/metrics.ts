import type { IncomingMessage, ServerResponse } from "node:http";
import type { Attributes, Meter } from "@opentelemetry/api";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import type { RolloutPath } from "@edgezero/rollout";
import { readRollout } from "@edgezero/rollout";
import type { EventSink } from "@edgezero/rollout/attribution";
import type { OpenConfigStore } from "./open-config-store.ts";
import { RequestCounts } from "./request-counts.ts";

const FASTEST_SECONDS = 0.001;
const SLOWEST_SECONDS = 10;
/** Each bucket ends less than 5 % above the one before, rounded: no quantile is further off. */
const BUCKET_RATIO = 1.048;

/** What the gateway counts, and the endpoint that shows it. */
export interface Metrics {
  readonly sink: EventSink;
  /** Counts events that a sink did not take. */
  readonly countDropped: (events: number) => void;
  /** Answers with all metrics, in Prometheus's text format. */
  readonly answer: (request: IncomingMessage, response: ServerResponse) => void;
  close(): Promise<void>;
}

/** Counts and times the requests of each path. Nothing that it keeps grows with traffic. */
export function createMetrics(configStore: OpenConfigStore): Metrics {
  const exporter = new PrometheusExporter({
    preventServerStart: true,
    withoutScopeInfo: true,
    withoutTargetInfo: true,
  });
  const provider = new MeterProvider({ readers: [exporter] });
  const meter = provider.getMeter("@edgezero/node");
  const counts = new RequestCounts();
  let dropped = 0;

  const durations = meter.createHistogram("edgezero_request_duration_seconds", {
    description: "From the decision to the headers of the path's response",
    advice: { explicitBucketBoundaries: bucketBoundaries() },
  });
  observeCounts(meter, counts, () => dropped);
  observeConfig(meter, configStore);

  return {
    sink(event) {
      counts.add(event);
      durations.record(event.durationMs / 1000, DURATION_ATTRIBUTES[event.path][evidenceOf(event)]);
    },
    countDropped: (events) => void (dropped += events),
    answer: (request, response) => exporter.getMetricsRequestHandler(request, response),
    close: () => provider.shutdown(),
  };
}

type Evidence = "true" | "false";

const DURATION_ATTRIBUTES: Record<RolloutPath, Record<Evidence, Attributes>> = {
  legacy: durationAttributes("legacy"),
  edgezero: durationAttributes("edgezero"),
};

function durationAttributes(path: RolloutPath): Record<Evidence, Attributes> {
  return { true: { path, evidence: "true" }, false: { path, evidence: "false" } };
}

function evidenceOf({ excluded }: { readonly excluded: string | null }): Evidence {
  return excluded === null ? "true" : "false";
}

function bucketBoundaries(): number[] {
  const boundaries: number[] = [];
  for (let bound = FASTEST_SECONDS; bound < SLOWEST_SECONDS; bound *= BUCKET_RATIO) {
    boundaries.push(Number(bound.toPrecision(4)));
  }
  return [...boundaries, SLOWEST_SECONDS];
}

function observeCounts(meter: Meter, counts: RequestCounts, dropped: () => number): void {
  meter
    .createObservableCounter("edgezero_requests_total", {
      description: "Requests that were routed, by the path that they were assigned",
    })
    .addCallback((result) => {
      for (const { count, attributes } of counts.values()) result.observe(count, attributes);
    });
  meter
    .createObservableCounter("edgezero_config_read_failures_total", {
      description: "Requests for which the config store gave no valid instruction",
    })
    .addCallback((result) => {
      for (const [reason, count] of counts.failures()) result.observe(count, { reason });
    });
  meter
    .createObservableCounter("edgezero_events_dropped_total", {
      description: "Decision events that a sink did not take",
    })
    .addCallback((result) => result.observe(dropped()));
}

/** What the config says is read when it is scraped, as a request would read it. */
function observeConfig(meter: Meter, configStore: OpenConfigStore): void {
  const pct = meter.createObservableGauge("edgezero_rollout_pct", {
    description: "The percentage that requests are routed by, 0 where none is valid",
  });
  const enabled = meter.createObservableGauge("edgezero_enabled", {
    description: "1 while the master switch is on",
  });
  const epoch = meter.createObservableGauge("edgezero_config_epoch", {
    description: "The epoch of the config, as a number: differs where gateways differ",
  });
  const age = meter.createObservableGauge("edgezero_config_age_seconds", {
    description: "How long ago the config store last confirmed what is routed by",
  });
  meter.addBatchObservableCallback(
    async (result) => {
      const state = await readRollout(configStore);
      result.observe(pct, state.rolloutPct);
      result.observe(enabled, state.enabled ? 1 : 0);
      result.observe(epoch, Number.parseInt(state.epoch, 16));
      const confirmedAt = configStore.confirmedAt();
      if (confirmedAt !== null) result.observe(age, (performance.now() - confirmedAt) / 1000);
    },
    [pct, enabled, epoch, age],
  );
}
