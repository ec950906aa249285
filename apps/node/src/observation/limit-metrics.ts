import type { ClientCounts } from "../client/counts.ts";
import type { OriginCounts, OriginsCounts } from "../origin/counts.ts";
import type { ClosedUpgrades } from "../routing/upgrade-closer.ts";
import type { Metric, Sample } from "./exposition.ts";

/** Upgrades that the gateway has closed, by why. */
export type ClosedByReason = Readonly<Record<"stop" | "rollback", ClosedUpgrades>>;

/** What the gateway limits, what was refused for it, and what its origins did wrong. */
export interface LimitCounts {
  readonly clients: ClientCounts;
  readonly origins: OriginsCounts;
  readonly closed: ClosedByReason;
}

/** The metrics of what is limited, and of faults of origins. */
export function limitMetrics({ clients, origins, closed }: LimitCounts): Metric[] {
  const byPath = (value: (counts: OriginCounts) => number): Sample[] => [
    { labels: { path: "legacy" }, value: value(origins.legacy) },
    { labels: { path: "edgezero" }, value: value(origins.edgezero) },
  ];
  return [
    {
      name: "edgezero_client_connections",
      type: "gauge",
      help: "Client connections that are open",
      samples: [{ value: clients.connections }],
    },
    {
      name: "edgezero_client_refused_total",
      type: "counter",
      help: "Requests that got a 503 because too many clients were connected, which are not routed",
      samples: [{ value: clients.refused }],
    },
    {
      name: "edgezero_client_floods_total",
      type: "counter",
      help: "Client connections that were cut because they sent too many requests without waiting",
      samples: [{ value: clients.floods }],
    },
    {
      name: "edgezero_client_malformed_total",
      type: "counter",
      help: "Requests that were malformed, which are not routed",
      samples: Object.entries(clients.malformed).map(([kind, value]) => ({
        labels: { kind },
        value,
      })),
    },
    {
      name: "edgezero_upgrades_closed_total",
      type: "counter",
      help: "Upgrades that the gateway closed because it stops or after a rollback, by the code that a WebSocket's client was told",
      samples: Object.entries(closed).flatMap(([cause, counts]) =>
        Object.entries(counts).map(([code, value]) => ({ labels: { cause, code }, value })),
      ),
    },
    {
      name: "edgezero_origin_connections",
      type: "gauge",
      help: "Connections to an origin that are open, without upgrades",
      samples: byPath(({ connections }) => connections),
    },
    {
      name: "edgezero_origin_waiting",
      type: "gauge",
      help: "Requests that wait for a connection to their origin",
      samples: byPath(({ waiting }) => waiting),
    },
    {
      name: "edgezero_origin_refused_total",
      type: "counter",
      help: "Requests that got a 503 because their origin had all connections that it may have",
      samples: byPath(({ refused }) => refused),
    },
    {
      name: "edgezero_origin_faults_total",
      type: "counter",
      help: "Requests that the gateway answered in an origin's place or broke off, by the fault",
      samples: Object.entries(origins).flatMap(([path, { faults }]) =>
        Object.entries(faults).map(([kind, value]) => ({ labels: { path, kind }, value })),
      ),
    },
  ];
}
