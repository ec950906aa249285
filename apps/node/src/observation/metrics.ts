import type { RolloutPath } from "@edgezero/rollout";
import { readRollout } from "@edgezero/rollout";
import type { DecisionEvent, Outcome } from "@edgezero/rollout/attribution";
import type { OpenConfigStore } from "@edgezero/stores/open-config-store";
import type { OpenCounts } from "../routing/open-connections.ts";
import { ClientCounts } from "./client-counts.ts";
import { configMetrics } from "./config-metrics.ts";
import type { Counted, GatewayProcess } from "./counted.ts";
import { CLIENTS, processMetrics } from "./counted.ts";
import { Durations } from "./durations.ts";
import type { Metric, Sample } from "./exposition.ts";
import type { LimitCounts } from "./limit-metrics.ts";
import { limitMetrics } from "./limit-metrics.ts";
import { RequestCounts } from "./request-counts.ts";

/** How many requests there were, by where their client's address came from: a few fixed words. */
export type AddressCounts = Readonly<Record<string, number>>;

/** The gateway's metrics. */
export interface Metrics {
  /** Counts a request by its event, and its client. `ip` is any spelling of the client's address. */
  readonly count: (event: DecisionEvent, ip: string | null) => void;
  /** Counts events that a sink did not take. */
  readonly countDropped: (events: number) => void;
  /** Counts a signed probe that was answered. */
  readonly countProbe: () => void;
  /** Everything that was counted so far. */
  readonly counted: () => Promise<Counted>;
}

/** The process that counts. */
export interface CountingProcess {
  readonly process: GatewayProcess;
  /** Gives the salts of clients. The workers of a gateway share it. */
  readonly seed: Uint8Array;
  /** Milliseconds of a clock that never goes back, and that the workers of a gateway share. */
  readonly now: () => number;
}

/** Counts and times the requests of each path. Its memory does not grow with traffic. */
export function createMetrics(
  configStore: OpenConfigStore,
  open: OpenCounts,
  limits: LimitCounts,
  addresses: AddressCounts,
  { process, seed, now }: CountingProcess,
): Metrics {
  const durations = {
    legacy: { evidence: durationsOf("legacy", "true"), excluded: durationsOf("legacy", "false") },
    edgezero: {
      evidence: durationsOf("edgezero", "true"),
      excluded: durationsOf("edgezero", "false"),
    },
  };
  const counts = new RequestCounts();
  const clients = new ClientCounts(now(), seed);
  let dropped = 0;
  let probes = 0;

  return {
    count(event, ip) {
      counts.add(event);
      clients.add(event, ip, now());
      const { evidence, excluded } = durations[event.path];
      const byOutcome = event.excluded === null ? evidence : excluded;
      byOutcome[event.outcome].add(event.durationMs / 1000);
    },
    countDropped: (events) => void (dropped += events),
    countProbe: () => void probes++,
    async counted() {
      const state = await readRollout(configStore);
      clients.follow(state.epoch);
      const timed = Object.values(durations)
        .flatMap(({ evidence, excluded }) => [evidence, excluded].flatMap(Object.values<Durations>))
        .flatMap((each) => each.samples());
      const [info, start] = processMetrics(process);
      const metrics = [
        info,
        ...countMetrics(counts, dropped, probes),
        start,
        CLIENTS,
        openMetric(open),
        ...limitMetrics(limits),
        addressMetric(addresses),
        ...configMetrics(state, configStore),
        durationMetric(timed),
      ];
      return { metrics, clients: clients.counted(now()) };
    },
  };
}

/** A latency is that of requests that went well; how long the others took says something else. */
function durationsOf(path: RolloutPath, evidence: "true" | "false"): Record<Outcome, Durations> {
  const of = (outcome: Outcome): Durations => new Durations({ path, evidence, outcome });
  return { ok: of("ok"), error: of("error"), timeout: of("timeout"), aborted: of("aborted") };
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

function addressMetric(addresses: AddressCounts): Metric {
  return {
    name: "edgezero_client_address_total",
    type: "counter",
    help: "Requests by where their client's address came from",
    samples: Object.entries(addresses).map(([result, value]) => ({ labels: { result }, value })),
  };
}

function durationMetric(samples: readonly Sample[]): Metric {
  return {
    name: "edgezero_request_duration_seconds",
    type: "histogram",
    help: "From the decision to the headers of the path's response",
    samples,
  };
}
