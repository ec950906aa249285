import type { ConfigReads } from "../scale/config-reads.ts";
import type { ConnectionPoint } from "../scale/connections.ts";
import type { FollowTime } from "../scale/follow.ts";
import type { GatewayPoint } from "../scale/gateways.ts";
import type { RequestPoint } from "../scale/requests.ts";
import { growthExponent } from "../statistics.ts";
import type { Plot } from "./plot.ts";
import { figure, table } from "./table.ts";

/** What `bench:scale` finds. */
export interface ScaleData {
  readonly requests: readonly RequestPoint[];
  readonly connections: readonly ConnectionPoint[];
  readonly gateways: readonly GatewayPoint[];
  readonly configReads: readonly ConfigReads[];
  readonly follow: readonly FollowTime[];
  /** What could not be measured, and why. */
  readonly skipped: Readonly<Record<string, string>>;
}

/** Before so many requests, code is still being compiled and the heap finds its size. */
const WARM_FROM = 1e5;

/** One row for each number of requests. */
export function requestScaleTable({ requests }: ScaleData): string {
  const body = requests.map(({ requests: count, cpuMicroseconds, megabytes }) => [
    figure(count),
    figure(cpuMicroseconds),
    figure(megabytes),
  ]);
  return table(["requests", "CPU a request, µs", "resident, MB"], body);
}

/** One row for each number of connections. */
export function connectionTable({ connections }: ScaleData): string {
  const body = connections.map((point) => [
    figure(point.connections, 4),
    figure(point.requestsPerSecond),
    figure(point.p50),
    figure(point.p99),
    figure(point.cpuMicroseconds),
    figure(point.megabytes),
  ]);
  const head = [
    "connections",
    "requests/s",
    "p50, ms",
    "p99, ms",
    "CPU a request, µs",
    "resident, MB",
  ];
  return table(head, body);
}

/** One row for each number of gateways. */
export function gatewayScaleTable({ gateways }: ScaleData): string {
  const body = gateways.map((point) => [
    figure(point.gateways),
    figure(point.commandsPerSecond),
    figure(point.redisMegabytes),
    figure(point.lastOldMs),
    figure(point.lastOldMsAtMost),
  ]);
  const head = [
    "gateways",
    "Redis commands/s",
    "Redis, MB",
    "last old decision, ms",
    "at most, ms",
  ];
  return table(head, body);
}

/** One row for each platform. */
export function platformTable({ configReads, follow }: ScaleData): string {
  const body = configReads.map(({ platform, requests, reads, seconds, byTime }) => {
    const time = follow.find((one) => one.platform === platform);
    return [
      platform,
      byTime
        ? `${figure(reads / seconds, 2)} a second`
        : `${figure(reads / requests, 2)} a request`,
      figure((1e6 * reads) / requests),
      time === undefined ? "" : figure(time.lastOldMs),
      time === undefined ? "" : figure(time.lastOldMsAtMost),
    ];
  });
  const head = [
    "config of one gateway",
    "reads",
    "per million requests",
    "last old decision, ms",
    "at most, ms",
  ];
  return table(head, body);
}

type Point = readonly [number, number];

function costOf({ requests, cpuMicroseconds }: RequestPoint): Point {
  return [requests, cpuMicroseconds];
}

function memoryOf({ requests, megabytes }: RequestPoint): Point {
  return [requests, megabytes];
}

function growthOf(points: readonly Point[]): string {
  return `slope of the logarithms: ${growthExponent(points).toFixed(3)}`;
}

/** All plots, by the name of their file, with the exponent by which each grows. */
export function scalePlots({ requests, connections, gateways }: ScaleData): Record<string, Plot> {
  const warm = requests.filter((point) => point.requests >= WARM_FROM);
  const ofConnections = connections.map((point): Point => [
    point.connections,
    point.cpuMicroseconds,
  ]);
  const ofGateways = gateways.map((point): Point => [point.gateways, point.commandsPerSecond]);
  const once = `${growthOf(warm.map(costOf))}, from 100,000 requests on`;
  return {
    "scale-requests": {
      title: "CPU time of the Node gateway for one request",
      x: "requests since its start",
      y: "µs",
      points: requests.map(costOf),
      says: once,
    },
    "scale-memory": {
      title: "Resident memory of the Node gateway",
      x: "requests since its start",
      y: "MB",
      points: requests.map(memoryOf),
      says: `${growthOf(warm.map(memoryOf))}, from 100,000 requests on`,
    },
    "scale-connections": {
      title: "CPU time of the Node gateway for one request",
      x: "connections",
      y: "µs",
      points: ofConnections,
      says: growthOf(ofConnections),
    },
    "scale-gateways": {
      title: "Commands a second at one Redis while nothing changes",
      x: "gateways",
      y: "commands/s",
      points: ofGateways,
      says: growthOf(ofGateways),
    },
  };
}
