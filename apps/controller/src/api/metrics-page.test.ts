import { parseMetrics } from "@edgezero/testbed/metrics-page";
import { expect, test } from "vitest";
import { VIEW } from "../../test/api/fake-environments.ts";
import { metricsPage } from "./metrics-page.ts";

const COUNTS = {
  faults: 0,
  ticks: 12,
  lastTickAt: 2500,
  storeReadAt: 2250,
  sourceFailures: { scrape: 2 },
  pages: { share: 1 },
};
const RECEIVER = {
  name: "pager",
  format: "cloudevents",
  origin: "https://pager.example",
  waiting: 3,
  delivered: 5,
  failed: 2,
  why: null,
} as const;
const DEAD = {
  id: "msg_1",
  receiver: "pager",
  incident: "production/share-1",
  what: "opened",
  at: 1,
  diedAt: 2,
  attempts: 9,
  why: "the status is 500",
} as const;
const ALL = {
  view: VIEW,
  counts: COUNTS,
  windowMs: 15_000,
  leasesLost: 0,
  isConfigRefused: true,
  receivers: [RECEIVER],
  dead: [DEAD],
};

function valuesOf(page: string, name: string): [Record<string, string>, number][] {
  return parseMetrics(page)
    .filter((sample) => sample.name === name)
    .map(({ labels, value }) => [labels, value]);
}

test("the page says state, stage, share, ticks, silent sources and pages of each environment", () => {
  const page = metricsPage([ALL]);
  const environment = VIEW.name;
  const states = valuesOf(page, "edgezero_controller_state");
  expect(states.filter(([, value]) => value === 1)).toEqual([
    [{ environment, state: VIEW.state }, 1],
  ]);
  expect(states.length).toBe(13);
  expect(valuesOf(page, "edgezero_controller_stage")).toEqual([[{ environment }, VIEW.stage]]);
  expect(valuesOf(page, "edgezero_controller_observed_share")).toEqual([
    [{ environment }, VIEW.observedShare],
  ]);
  expect(valuesOf(page, "edgezero_controller_ticks_total")).toEqual([[{ environment }, 12]]);
  expect(valuesOf(page, "edgezero_controller_store_read_timestamp_seconds")).toEqual([
    [{ environment }, 2.25],
  ]);
  expect(valuesOf(page, "edgezero_controller_last_tick_timestamp_seconds")).toEqual([
    [{ environment }, 2.5],
  ]);
  expect(valuesOf(page, "edgezero_controller_config_refused")).toEqual([[{ environment }, 1]]);
  expect(valuesOf(page, "edgezero_controller_window_seconds")).toEqual([[{ environment }, 15]]);
  expect(valuesOf(page, "edgezero_controller_source_failures_total")).toEqual([
    [{ environment, source: "scrape" }, 2],
  ]);
  expect(valuesOf(page, "edgezero_controller_pages_total")).toEqual([
    [{ environment, reason: "share" }, 1],
  ]);
  expect(valuesOf(page, "edgezero_controller_messages_total")).toEqual([
    [{ environment, receiver: "pager", result: "delivered" }, 5],
    [{ environment, receiver: "pager", result: "failed" }, 2],
  ]);
  expect(valuesOf(page, "edgezero_controller_messages_waiting")).toEqual([
    [{ environment, receiver: "pager" }, 3],
  ]);
  expect(valuesOf(page, "edgezero_controller_messages_dead")).toEqual([
    [{ environment, receiver: "pager" }, 1],
  ]);
});

test("what is not known has no sample", () => {
  const page = metricsPage([
    { ...ALL, view: { ...VIEW, pct: null, observedShare: null, stage: null } },
  ]);
  expect(valuesOf(page, "edgezero_controller_rollout_pct")).toEqual([]);
  expect(valuesOf(page, "edgezero_controller_observed_share")).toEqual([]);
  expect(valuesOf(page, "edgezero_controller_stage").map(([, value]) => value)).toEqual([0]);
});

test("names cannot break out of their labels", () => {
  const odd = { ...COUNTS, pages: { 'a"} 1\nx': 1 } };
  expect(metricsPage([{ ...ALL, counts: odd }])).toContain(String.raw`reason="a\"} 1\nx"} 1`);
});

test.each(["blind", "no-traffic"] as const)(
  "%s: the share of before is no sample of now",
  (held) => {
    const page = metricsPage([{ ...ALL, view: { ...VIEW, held: [held] } }]);
    expect(valuesOf(page, "edgezero_controller_observed_share")).toEqual([]);
  },
);

test("a source that gives nothing leaves no share", () => {
  const silent = { name: "scrape", location: "http://a", newest: 1, missing: "unreachable" };
  const page = metricsPage([{ ...ALL, view: { ...VIEW, sources: [silent] } }]);
  expect(valuesOf(page, "edgezero_controller_observed_share")).toEqual([]);
});
