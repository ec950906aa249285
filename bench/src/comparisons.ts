import { startNodeBaseline, startNodeGateway } from "./servers/node-gateway.ts";
import { startFastly } from "./servers/viceroy.ts";
import {
  startWorkerBaseline,
  startWorkerGateway,
  startWorkerLeast,
  startWorkerPlainProxy,
  startWorkerProxy,
} from "./servers/workerd.ts";
import type { Comparison, ThroughputScale } from "./throughput.ts";

/** Long enough for a difference of some percent to show on a machine that has other work. */
export const USUAL_SCALE: ThroughputScale = {
  instances: 5,
  warmUpSeconds: 8,
  rounds: 8,
  seconds: 1,
};

/** The Node gateway, against the same handlers without the rollout. */
export const NODE: Comparison = {
  title: "Node",
  startGateway: startNodeGateway,
  startBaseline: startNodeBaseline,
};

/** The Node gateway with events and metrics, against the same without. */
export const NODE_EVENTS: Comparison = {
  title: "Node, built-in handlers",
  difference: "events and metrics",
  startGateway: async () =>
    startNodeGateway({ env: { METRICS_PORT: "0", EVENT_SAMPLE_RATE: "0.01" } }),
  startBaseline: startNodeGateway,
};

/** The Worker, against the same handlers without the rollout. */
export const WORKERD: Comparison = {
  title: "Cloudflare Workers in workerd",
  startGateway: startWorkerGateway,
  startBaseline: startWorkerBaseline,
};

/** The Worker as deployed, in front of two origins, against one that only passes requests on. */
export const WORKERD_PROXY: Comparison = {
  title: "Cloudflare Workers in workerd, in front of origins",
  difference: "the gateway",
  startGateway: startWorkerProxy,
  startBaseline: startWorkerPlainProxy,
};

/** The least that any gateway does on Workers, against a Worker that only passes requests on. */
export const WORKERD_LEAST: Comparison = {
  title: "Cloudflare Workers in workerd, the least of any gateway",
  difference: "it",
  startGateway: startWorkerLeast,
  startBaseline: startWorkerPlainProxy,
};

/** The Fastly service, against the same handlers without the rollout. */
export const FASTLY: Comparison = {
  title: "Fastly Compute in Viceroy",
  startGateway: async () => startFastly("gateway"),
  startBaseline: async () => startFastly("baseline"),
};

/** The Fastly service, against the same handlers without the rollout, and warmed in the build likewise. */
export const FASTLY_WARMED: Comparison = {
  title: "Fastly Compute in Viceroy, both warmed in the build",
  startGateway: async () => startFastly("gateway"),
  startBaseline: async () => startFastly("warmed"),
};
