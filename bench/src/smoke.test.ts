// Every benchmark with tiny counts: the figures mean nothing, but they are all there.
import { nginxMissing } from "@edgezero/testbed/nginx/nginx";
import { describe, expect, test } from "vitest";
import { NODE, WORKERD, WORKERD_LEAST, WORKERD_PROXY } from "./comparisons.ts";
import { BARE, DECIDE, FLOOR, FULL, measureDecision, STATELESS } from "./decision/measure.ts";
import { missingTools } from "./load/tools.ts";
import { arePeersInstalled, INSTALL_PEERS, PEER_NAMES, PEERS } from "./peers.ts";
import { measureLimits } from "./limits/measure.ts";
import { measureNginx } from "./nginx/measure.ts";
import { BARE_PROXY, GATEWAY, measureProxies, NGINX, NGINX_ROLLOUT } from "./proxies/measure.ts";
import { scaleConnections } from "./scale/connections.ts";
import { followFile, followKv } from "./scale/follow.ts";
import { scaleGateways } from "./scale/gateways.ts";
import { readsOfFile, readsOfKv } from "./scale/config-reads.ts";
import { scaleRequests } from "./scale/requests.ts";
import { measureSize } from "./size/measure.ts";
import { compareThroughput } from "./throughput.ts";
import { measureWorkers } from "./workers/measure.ts";
import { measureVerdicts } from "./verdicts/measure.ts";

const TINY = { instances: 1, warmUpSeconds: 1, rounds: 1, seconds: 1 };

/** `describe`, left out with its reason where something is missing. */
function describeUnless(missing: string | null, name: string, tests: () => void): void {
  if (missing !== null) console.log(`Skipped: ${name}. ${missing}`);
  describe.skipIf(missing !== null).each([name])("%s", () => {
    tests();
  });
}

describe("one decision", () => {
  test("all of ours send 10 per cent, in every round, and look for no host", async () => {
    const { rows, namesLookedFor } = await measureDecision({
      addresses: 20_000,
      rounds: 2,
      peers: [],
    });
    expect(rows.map(({ name }) => name)).toEqual([FLOOR, BARE, DECIDE, FULL, STATELESS]);
    // Of so few addresses a CPU clock that ticks in milliseconds sees nothing.
    for (const row of rows) expect(row.passed).toBeGreaterThan(0);
    expect(rows[2]?.share).toBe(rows[1]?.share);
    expect(rows[3]?.share).toBe(rows[1]?.share);
    expect(rows[4]?.share).toBe(rows[1]?.share);
    expect(namesLookedFor).toBe(0);
  });

  test("one decision's import is there and starts", async () => {
    const { rows, nothingMs } = await measureSize({ starts: 1, peers: [] });
    expect(rows).toHaveLength(1);
    expect(rows[0]?.gzipped).toBeGreaterThan(500);
    expect(rows[0]?.startMs).toBeGreaterThan(0);
    expect(nothingMs).toBeGreaterThan(0);
  });
});

test("one worker and two answer, and take memory", async () => {
  const { rows, ratio } = await measureWorkers(TINY);
  expect(rows.map(({ workers }) => workers)).toEqual([1, 2]);
  expect(ratio).toBeGreaterThan(0);
  for (const { workerMegabytes } of rows) expect(workerMegabytes).toBeGreaterThan(20);
  expect(rows[1]?.supervisorMegabytes).toBeGreaterThan(20);
}, 60_000);

test("a window costs something, early and late, and so do whole rollouts", () => {
  const data = measureVerdicts({ windows: 50, timed: 20, late: 100, rehearsals: 2 });
  for (const { median, ninetieth } of [...data.added, ...data.reduced]) {
    expect(median).toBeGreaterThan(0);
    expect(ninetieth).toBeGreaterThanOrEqual(median);
  }
  expect(data.added.map(({ after }) => after)).toEqual([0, 100]);
  expect(data.reduced.map(({ after }) => after)).toEqual([0, 30]);
  expect(Math.min(data.reducedMs, data.rehearsedSeconds)).toBeGreaterThan(0);
});

test("a burst, refused uploads and idle connections end as they must", async () => {
  const { burst, idle, earlyRefusal } = await measureLimits({
    requests: 300,
    connections: 100,
    megabytes: 5,
    uploads: 3,
  });
  expect(burst.statuses).toEqual({ 200: 300 });
  expect(burst.originConnections).toBeLessThanOrEqual(256);
  expect(burst.worst).toBeGreaterThanOrEqual(burst.p50);
  expect(earlyRefusal.refused).toBe(3);
  // How much memory a hundred connections take is less than what a process takes and gives by itself.
  expect(idle.connections).toBe(100);
});

const noPeers = arePeersInstalled() ? null : `They are not installed: ${INSTALL_PEERS}`;
describeUnless(noPeers, "the peers", () => {
  test("all can be asked offline, and send 10 per cent", async () => {
    const { rows, failed } = await measureDecision({
      addresses: 4000,
      rounds: 2,
      peers: PEER_NAMES,
    });
    expect(failed).toEqual({});
    expect(rows.slice(5).map(({ name }) => name)).toEqual(Object.values(PEERS));
  });

  test("their imports weigh something, and start", async () => {
    const { rows } = await measureSize({ starts: 1, peers: ["growthbook"] });
    expect(rows[1]?.timesOurs).toBeGreaterThan(1);
    expect(rows[1]?.startMs).toBeGreaterThan(0);
  });
});

// At once, the longest first: servers start and wait most of the time, and how much of the machine
// each has does not matter here.
describe.concurrent("under load", () => {
  const comparisons =
    missingTools("nginx") === null
      ? [NODE, WORKERD_PROXY, WORKERD_LEAST, WORKERD]
      : [NODE, WORKERD];
  test.each(comparisons)("$title is loaded with and without the rollout", async (one) => {
    const { rows, ratio, cpuRatios } = await compareThroughput(one, TINY);
    expect(cpuRatios).toHaveLength(1);
    for (const row of rows) {
      expect(row.requestsPerSecond).toBeGreaterThan(0);
      expect(row.p99).toBeGreaterThanOrEqual(row.p50);
      expect(row.peakMegabytes).toBeGreaterThan(1);
    }
    expect(ratio).toBeGreaterThan(0);
  });

  test("a gateway's use is seen as requests grow", async () => {
    const points = await scaleRequests(2e4, 60);
    expect(points.at(-1)?.requests).toBeGreaterThanOrEqual(1e4);
    expect(points.at(-1)?.megabytes).toBeGreaterThan(1);
  });

  test("a gateway's use is seen as connections grow", async () => {
    const [one, many] = await scaleConnections([1, 50], 1);
    expect(one?.requestsPerSecond).toBeGreaterThan(0);
    expect(many?.requestsPerSecond).toBeGreaterThan(0);
    // A second of 50 connections is work that a clock in hundredths of a second sees.
    expect(many?.cpuMicroseconds).toBeGreaterThan(0);
  });

  test("a config file is read by time, and a change of it obeyed", async () => {
    const { reads, requests } = await readsOfFile(1);
    expect(reads).toBeGreaterThan(0);
    // Of requests there are thousands, but fewer on a busy machine. A read for each would not be fewer.
    expect(reads).toBeLessThan(requests);
    expect((await followFile(1)).lastOldMs).toBeLessThan(5000);
  });

  test("a Worker reads both keys once, and obeys a change when they are old", async () => {
    const { reads, requests } = await readsOfKv(1);
    expect(requests).toBeGreaterThan(0);
    expect(reads).toBeGreaterThanOrEqual(2);
    expect((await followKv(1)).lastOldMs).toBeLessThan(15_000);
  });

  describeUnless(missingTools("redis-server"), "gateways on one Redis", () => {
    test("each reads with time, and all obey a write", async () => {
      const [point] = await scaleGateways([2], 1, 2);
      expect(point?.commandsPerSecond).toBeGreaterThan(0);
      expect(point?.commandsPerSecond).toBeLessThan(20);
      expect(point?.lastOldMs).toBeLessThan(5000);
    });
  });
});

describeUnless(nginxMissing ?? missingTools("nginx", "wrk"), "the gateway on nginx", () => {
  test("is loaded beside split_clients, obeys, and keeps idle connections", async () => {
    const { pairs, obeyed, idle } = await measureNginx({
      pairs: { instances: 1, rounds: 2, seconds: 1 },
      writes: 2,
      connections: 100,
    });
    expect(pairs.ratios).toHaveLength(2);
    for (const ratio of pairs.ratios) expect(ratio).toBeGreaterThan(0);
    expect(obeyed.worst).toBeGreaterThanOrEqual(obeyed.p50);
    expect(obeyed.worst).toBeLessThan(5000);
    expect(idle.megabytes).toBeGreaterThan(1);
  });
});

// Alone: its clients come one after the other, which takes much longer on a machine that is busy.
describeUnless(missingTools("nginx", "haproxy", "wrk"), "proxies", () => {
  test("all split 10 per cent of the clients off", async () => {
    const rows = await measureProxies({ rounds: 1, seconds: 1 });
    const splitting = [NGINX, NGINX_ROLLOUT, "HAProxy", "Envoy", GATEWAY].filter(
      (name) =>
        (name !== NGINX_ROLLOUT || nginxMissing === undefined) &&
        (name !== "Envoy" || missingTools("envoy") === null),
    );
    expect(rows.map(({ name }) => name)).toEqual([...splitting, BARE_PROXY]);
    for (const { requestsPerSecond, cpuRatios } of rows) {
      expect(requestsPerSecond).toBeGreaterThan(0);
      expect(cpuRatios).toHaveLength(1);
    }
    const shares = rows.map(({ share }) => share).filter((share) => share !== null);
    expect(shares).toHaveLength(splitting.length);
    for (const share of shares) expect(Math.abs(share - 10)).toBeLessThan(3);
  }, 240_000);
});
