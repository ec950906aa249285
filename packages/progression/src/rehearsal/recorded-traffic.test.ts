import { expect, test } from "vitest";
import { parsePlan } from "../plan/parse-plan.ts";
import type { RecordedWindow, Recording } from "./recording.ts";
import { trafficOf } from "./recorded-traffic.ts";

const HOUR = 3_600_000;
const { plan } = parsePlan([{ pct: 1, hold: "30m" }]);
if (plan === null) throw new Error("the plan is not in order");

function window(hour: number, requests: number, hits: number, source = "scrape"): RecordedWindow {
  const from = Date.UTC(2026, 0, 5) + hour * HOUR;
  const counts = { trials: requests, hits };
  const signals = { errors: counts, p95: { buckets: [requests, 0] } };
  const nothing = { requests: requests / 10, clients: null, signals: {} };
  const control = { requests, clients: null, signals };
  const pct = 10;
  const [canary, decisions, instances] = [nothing, {}, 1];
  return {
    type: "window",
    source,
    pct,
    from,
    to: from + HOUR,
    canary,
    control,
    decisions,
    instances,
  };
}

function recording(entries: Recording["entries"]): Recording {
  const head = {
    type: "recording",
    version: 1,
    source: "scrape",
    windowMs: HOUR,
    bounds: [1],
  } as const;
  return { head, entries };
}

test("a whole day gives each hour's requests, and legacy's rates", () => {
  const entries = Array.from({ length: 24 }, (_, hour) => window(hour, 36_000 * (hour + 1), hour));
  const { rps, rates } = trafficOf(plan, recording(entries));
  expect(rps).toEqual(Array.from({ length: 24 }, (_, hour) => 11 * (hour + 1)));
  expect(rates).toEqual({ errors: 276 / (36_000 * 300) });
});

test("less than a day gives the mean, and other sources count no requests", () => {
  const entries = [
    window(3, 36_000, 0),
    window(5, 72_000, 0),
    window(5, 1e6, 0, "prometheus"),
    { type: "silence", source: "scrape", at: 1 } as const,
  ];
  expect(trafficOf(plan, recording(entries)).rps).toBe(16.5);
});

test("a rate without trials is unknown, and not 0", () => {
  expect(trafficOf(plan, recording([window(3, 0, 0)]))).toEqual({ rps: 0, rates: {} });
});
