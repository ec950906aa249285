import type { RolloutPath } from "@edgezero/rollout";
import { clientBucket } from "@edgezero/rollout";
import type { DecisionEvent, Exclusion, Outcome } from "@edgezero/rollout/attribution";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ClientCounts, clientSamples } from "./client-counts.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Asked {
  readonly path?: RolloutPath;
  readonly outcome?: Outcome;
  readonly excluded?: Exclusion;
  readonly epoch?: string;
}

function eventOf(asked: Asked): DecisionEvent {
  const { path = "edgezero", outcome = "ok", excluded = null, epoch = "a" } = asked;
  return { path, outcome, excluded, epoch } as DecisionEvent;
}

/** The counts by path and outcome. */
function countsOf(clients: ClientCounts, nowMs: number): Record<string, number> {
  const samples = clientSamples([clients.counted(nowMs)]);
  return Object.fromEntries(
    samples.map(({ labels, value }) => [`${labels?.["path"]} ${labels?.["outcome"]}`, value]),
  );
}

/** The number of clients of EdgeZero, all of which are added at a time. */
function countAt(clients: ClientCounts, nowMs: number): number | undefined {
  return countsOf(clients, nowMs)["edgezero all"];
}

test("every count is there from the start, and 0", () => {
  expect(countsOf(new ClientCounts(0), 0)).toEqual({
    "legacy all": 0,
    "legacy failing": 0,
    "edgezero all": 0,
    "edgezero failing": 0,
  });
});

test("clients are counted once, by path; failing ones are those of an error or a timeout", () => {
  const clients = new ClientCounts(0);
  for (let time = 0; time < 5; time++) {
    clients.add(eventOf({ path: "legacy" }), "203.0.113.1", time);
    clients.add(eventOf({ path: "legacy", outcome: "error" }), "203.0.113.2", time);
    clients.add(eventOf({}), "203.0.113.1", time);
    clients.add(eventOf({ outcome: "aborted" }), "203.0.113.2", time);
    clients.add(eventOf({ outcome: "timeout" }), "203.0.113.3", time);
    clients.add(eventOf({}), "203.0.113.3", time);
  }
  expect(countsOf(clients, 5)).toEqual({
    "legacy all": 2,
    "legacy failing": 1,
    "edgezero all": 3,
    "edgezero failing": 1,
  });
});

test.each(["forced", "health", "no-client-address"] as const)("%s counts nobody", (excluded) => {
  const clients = new ClientCounts(0);
  clients.add(eventOf({ excluded, outcome: "error" }), "203.0.113.1", 0);
  expect(Object.values(countsOf(clients, 0))).toEqual([0, 0, 0, 0]);
});

test.each([null, "", "unknown", "203.0.113.1:80"])("%j is no client", (ip) => {
  const clients = new ClientCounts(0);
  clients.add(eventOf({}), ip, 0);
  expect(countAt(clients, 0)).toBe(0);
});

test("each spelling of an address is one client", () => {
  const clients = new ClientCounts(0);
  for (const ip of ["203.0.113.7", "::ffff:203.0.113.7", "::FFFF:cb00:7107"]) {
    clients.add(eventOf({}), ip, 0);
  }
  for (const ip of ["2001:db8::7", "2001:DB8:0:0::7"]) clients.add(eventOf({}), ip, 0);
  expect(countAt(clients, 0)).toBe(2);
});

describe("the minute slides in steps of ten seconds", () => {
  test("a client counts for at least 60 seconds after its last request, and for less than 70", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 * HOUR }), (lastMs) => {
        const clients = new ClientCounts(0);
        clients.add(eventOf({}), "203.0.113.1", lastMs);
        expect(countAt(clients, lastMs + MINUTE)).toBe(1);
        expect(countAt(clients, lastMs + MINUTE + 10_000)).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  test("clients that come one each second are 60 to 70, at any time and across changes of the salt", () => {
    const clients = new ClientCounts(0);
    const seen = new Set<number | undefined>();
    for (let second = 0; second < 3 * 3600; second++) {
      clients.add(eventOf({}), `10.1.${second >> 8}.${second & 255}`, second * 1000);
      if (second >= 70) seen.add(countAt(clients, second * 1000));
    }
    // A few of 70 may share a bit.
    const all = [...seen].map((count) => count ?? 0);
    expect(Math.min(...all)).toBeGreaterThanOrEqual(57);
    expect(Math.max(...all)).toBeLessThanOrEqual(70);
  });

  test("one client that never stops is one, across changes of the salt", () => {
    const clients = new ClientCounts(0);
    for (let second = 0; second < 3 * 3600; second++) {
      clients.add(eventOf({ outcome: "error" }), "203.0.113.1", second * 1000);
      expect(countsOf(clients, second * 1000)).toMatchObject({
        "edgezero all": 1,
        "edgezero failing": 1,
      });
    }
  });

  test("after hours without any request, the next ones are counted", () => {
    const clients = new ClientCounts(0);
    clients.add(eventOf({}), "203.0.113.1", 0);
    clients.add(eventOf({}), "203.0.113.2", 50 * HOUR);
    clients.add(eventOf({}), "203.0.113.3", 50 * HOUR + 1);
    expect(countAt(clients, 50 * HOUR + 2)).toBe(2);
    expect(countAt(clients, 50 * HOUR + MINUTE)).toBe(2);
  });
});

test("clients that have one bucket in common are counted as well as others", () => {
  const clients = new ClientCounts(0);
  let count = 0;
  for (let i = 0; count < 20_000; i++) {
    const ip = `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
    if (clientBucket(ip) !== 0) continue;
    count++;
    clients.add(eventOf({}), ip, 0);
  }
  // Five standard errors of 0.3 % each.
  expect(Math.abs((countAt(clients, 0) ?? 0) / count - 1)).toBeLessThan(0.015);
});

test("no address is kept: what is kept is bits of hashes, in two salts at most", () => {
  const clients = new ClientCounts(0);
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 200_000; i++) {
    clients.add(eventOf({ outcome: "error" }), `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, i);
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * 1024 * 1024);
  expect(countAt(clients, 200_000)).toBeGreaterThan(55_000);
});

describe("an epoch", () => {
  test("that changes begins the counts again, and what was decided before it no longer counts", () => {
    const clients = new ClientCounts(0);
    clients.follow("a");
    clients.add(eventOf({ path: "legacy", epoch: "a" }), "203.0.113.1", 1);
    clients.follow("b");
    expect(countsOf(clients, 2)["legacy all"]).toBe(0);
    clients.add(eventOf({ path: "legacy", epoch: "a" }), "203.0.113.1", 3);
    clients.add(eventOf({ path: "edgezero", epoch: "b" }), "203.0.113.1", 3);
    expect(countsOf(clients, 4)).toMatchObject({ "legacy all": 0, "edgezero all": 1 });
  });

  test("that stays keeps the counts, and so does the first one", () => {
    const clients = new ClientCounts(0);
    clients.add(eventOf({}), "203.0.113.1", 1);
    clients.follow("a");
    clients.follow("a");
    expect(countAt(clients, 2)).toBe(1);
  });

  test("that changes while salts change begins both counts again", () => {
    const clients = new ClientCounts(0);
    clients.follow("a");
    clients.add(eventOf({}), "203.0.113.1", HOUR + 1);
    clients.follow("b");
    clients.add(eventOf({ epoch: "b" }), "203.0.113.2", HOUR + 2);
    expect(countAt(clients, HOUR + 2 * MINUTE)).toBe(0);
    clients.add(eventOf({ epoch: "b" }), "203.0.113.2", HOUR + 2 * MINUTE);
    expect(countAt(clients, HOUR + 2 * MINUTE)).toBe(1);
  });
});
