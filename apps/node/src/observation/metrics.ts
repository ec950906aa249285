import type { RolloutPath } from "@edgezero/rollout";
import { readRollout } from "@edgezero/rollout";
import type { EventSink } from "@edgezero/rollout/attribution";
import type { OpenConfigStore } from "@edgezero/stores/open-config-store";
import type { OpenCounts } from "../routing/open-connections.ts";
import { Durations } from "./durations.ts";
import type { Metric, Sample } from "./exposition.ts";
import { exposition } from "./exposition.ts";
import { RequestCounts } from "./request-counts.ts";

/** The gateway's metrics. */
export interface Metrics {
  readonly sink: EventSink;
  /** Counts events that a sink did not take. */
  readonly countDropped: (events: number) => void;
  /** Counts a signed probe that was answered. */
  readonly countProbe: () => void;
  /** Gives all metrics, in Prometheus's text format. */
  readonly page: () => Promise<string>;
}

/** Counts and times the requests of each path. Its memory does not grow with traffic. */
export function createMetrics(configStore: OpenConfigStore, open: OpenCounts): Metrics {
  const durations = { legacy: durationsOf("legacy"), edgezero: durationsOf("edgezero") };
  const counts = new RequestCounts();
  let dropped = 0;
  let probes = 0;

  return {
    sink(event) {
      counts.add(event);
      const { evidence, excluded } = durations[event.path];
      (event.excluded === null ? evidence : excluded).add(event.durationMs / 1000);
    },
    countDropped: (events) => void (dropped += events),
    countProbe: () => void probes++,
    async page() {
      const config = await configMetrics(configStore);
      const timed = Object.values(durations)
        .flatMap(({ evidence, excluded }) => [evidence, excluded])
        .flatMap((each) => each.samples());
      return exposition([
        ...countMetrics(counts, dropped, probes),
        openMetric(open),
        ...config,
        durationMetric(timed),
      ]);
    },
  };
}

function durationsOf(path: RolloutPath): { evidence: Durations; excluded: Durations } {
  return {
    evidence: new Durations({ path, evidence: "true" }),
    excluded: new Durations({ path, evidence: "false" }),
  };
}

function countMetrics(counts: RequestCounts, dropped: number, probes: number): Metric[] {
  return [
    {
      name: "edgezero_requests_total",
      type: "counter",
      help: "Requests that were routed, by the path that they were assigned",
      samples: counts.samples(),
    },
    {
      name: "edgezero_config_read_failures_total",
      type: "counter",
      help: "Requests for which the config store gave no valid instruction",
      samples: counts.configReadFailures(),
    },
    {
      name: "edgezero_events_dropped_total",
      type: "counter",
      help: "Decision events that a sink did not take",
      samples: [{ value: dropped }],
    },
    {
      name: "edgezero_probes_total",
      type: "counter",
      help: "Signed probes that were answered, which are no requests",
      samples: [{ value: probes }],
    },
  ];
}

function openMetric(open: OpenCounts): Metric {
  return {
    name: "edgezero_open_connections",
    type: "gauge",
    help: "Responses that are still being sent and upgrades that are still open, by path",
    samples: [
      { labels: { path: "legacy" }, value: open.legacy },
      { labels: { path: "edgezero" }, value: open.edgezero },
    ],
  };
}

/** Reads the config for each page, as a request would. */
async function configMetrics(configStore: OpenConfigStore): Promise<Metric[]> {
  const { rolloutPct, enabled, epoch } = await readRollout(configStore);
  const confirmedAt = configStore.confirmedAt();
  const metrics: Metric[] = [
    {
      name: "edgezero_rollout_pct",
      type: "gauge",
      help: "The percentage that requests are routed by, 0 where none is valid",
      samples: [{ value: rolloutPct }],
    },
    {
      name: "edgezero_enabled",
      type: "gauge",
      help: "1 while the master switch is on",
      samples: [{ value: enabled ? 1 : 0 }],
    },
    {
      name: "edgezero_config_epoch",
      type: "gauge",
      help: "The epoch of the config, as a number: differs where gateways differ",
      samples: [{ value: Number.parseInt(epoch, 16) }],
    },
  ];
  // Before the store is first read there is no age, and so no such metric.
  if (confirmedAt !== null) {
    metrics.push({
      name: "edgezero_config_age_seconds",
      type: "gauge",
      help: "How long ago the config store last confirmed what is routed by",
      samples: [{ value: (performance.now() - confirmedAt) / 1000 }],
    });
  }
  // Only a config file can be one that its folder no longer has.
  if (configStore.isUnlinked) {
    metrics.push({
      name: "edgezero_config_file_unlinked",
      type: "gauge",
      help: "1 while the config file that is read is no longer in any folder: changes do not reach it",
      samples: [{ value: configStore.isUnlinked() ? 1 : 0 }],
    });
  }
  return metrics;
}

function durationMetric(samples: readonly Sample[]): Metric {
  return {
    name: "edgezero_request_duration_seconds",
    type: "histogram",
    help: "From the decision to the headers of the path's response",
    samples,
  };
}
