import type { Meter } from "@opentelemetry/api";
import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import type { RolloutPath } from "@edgezero/rollout";
import { readRollout } from "@edgezero/rollout";
import type { EventSink } from "@edgezero/rollout/attribution";
import { Durations, histogramOf } from "./duration-histogram.ts";
import type { OpenConfigStore } from "@edgezero/stores/open-config-store";
import { RequestCounts } from "./request-counts.ts";

/** What the gateway counts, and the endpoint that shows it. */
export interface Metrics {
  readonly sink: EventSink;
  /** Counts events that a sink did not take. */
  readonly countDropped: (events: number) => void;
  /** All metrics, in Prometheus's text format; rejects where they cannot be collected. */
  readonly page: () => Promise<string>;
  close(): Promise<void>;
}

/** Counts and times the requests of each path. Nothing that it keeps grows with traffic. */
export function createMetrics(configStore: OpenConfigStore): Metrics {
  const durations = { legacy: durationsOf("legacy"), edgezero: durationsOf("edgezero") };
  const histogram = histogramOf(
    "edgezero_request_duration_seconds",
    "From the decision to the headers of the path's response",
    Object.values(durations).flatMap(({ evidence, excluded }) => [evidence, excluded]),
  );
  const exporter = new PrometheusExporter({
    metricProducers: [histogram],
    preventServerStart: true,
  });
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  const provider = new MeterProvider({ readers: [exporter] });
  const meter = provider.getMeter("@edgezero/node");
  const counts = new RequestCounts();
  let dropped = 0;

  observeCounts(meter, counts, () => dropped);
  observeConfig(meter, configStore);

  return {
    sink(event) {
      counts.add(event);
      const { evidence, excluded } = durations[event.path];
      (event.excluded === null ? evidence : excluded).add(event.durationMs / 1000);
    },
    countDropped: (events) => void (dropped += events),
    async page() {
      const { resourceMetrics, errors } = await exporter.collect();
      if (errors.length > 0) throw new Error("some metrics cannot be collected", { cause: errors });
      return serializer.serialize(resourceMetrics);
    },
    close: () => provider.shutdown(),
  };
}

function durationsOf(path: RolloutPath): { evidence: Durations; excluded: Durations } {
  return {
    evidence: new Durations({ path, evidence: "true" }),
    excluded: new Durations({ path, evidence: "false" }),
  };
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
