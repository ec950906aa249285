import { EVENT_VERSION } from "@edgezero/rollout/attribution";
import type { DecisionEvent } from "@edgezero/rollout/attribution";
import { expect, test } from "vitest";
import { toDataPoint } from "./analytics.ts";

const EVENT: DecisionEvent = {
  version: EVENT_VERSION,
  time: 1_700_000_000_000,
  service: "shop",
  runtime: "cloudflare",
  path: "edgezero",
  reason: "bucket",
  rolloutPct: 10,
  bucket: 7,
  epoch: "ab12cd",
  status: 503,
  outcome: "error",
  error: null,
  durationMs: 12.5,
  lastByteMs: 40,
  excluded: "no-client-address",
  weight: 4,
};

test("an event's columns are where the README says", () => {
  expect(toDataPoint(EVENT)).toEqual({
    indexes: ["shop/edgezero"],
    blobs: ["shop", "cloudflare", "edgezero", "bucket", "ab12cd", "error", "no-client-address"],
    doubles: [12.5, 4, 503, 10, 7, 40, 1],
  });
});

test("what an event does not have is empty, 0 or -1, each outside of what it may be", () => {
  const event: DecisionEvent = {
    ...EVENT,
    status: null,
    bucket: null,
    lastByteMs: null,
    excluded: null,
  };
  const { blobs, doubles } = toDataPoint(event);
  expect(blobs[6]).toBe("");
  expect(doubles).toEqual([12.5, 4, 0, 10, -1, -1, 1]);
});

test("the longest event is within the platform's limits", () => {
  const { indexes, blobs, doubles } = toDataPoint({ ...EVENT, service: "x".repeat(64) });
  expect(indexes.map((index) => index.length)).toEqual([73]);
  expect(blobs.length).toBeLessThanOrEqual(20);
  expect(blobs.join("").length).toBeLessThan(5120);
  expect(doubles.length).toBeLessThanOrEqual(20);
});
