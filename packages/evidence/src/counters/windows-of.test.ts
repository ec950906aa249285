import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseExposition } from "../exposition/parse-exposition.ts";
import type { CountedSignal } from "../source.ts";
import type { Page } from "./page.ts";
import { metricNames, pageOf } from "./page.ts";
import { windowsOf } from "./windows-of.ts";

const SIGNALS: readonly CountedSignal[] = [
  { name: "errors", of: "failures" },
  { name: "late", of: "timeouts" },
  { name: "p95", of: "latency" },
  {
    name: "wins",
    of: {
      hits: { metric: "site_wins_total", match: { kind: "a" } },
      trials: { metric: "site_bids_total", match: {} },
    },
  },
];
const OPTIONS = { windowMs: 1000, signals: SIGNALS, bounds: [100, 5000] };

interface Given {
  readonly epoch?: number;
  readonly startedAt?: number;
  readonly requests?: number;
  readonly lines?: string;
}

function pageAt(at: number, { epoch = 0x1a, startedAt, requests = 0, lines = "" }: Given): Page {
  const names = metricNames(SIGNALS);
  const text =
    `edgezero_requests_total{path="legacy",outcome="ok",excluded="no"} ${requests}\n` +
    `edgezero_config_epoch ${epoch}\n` +
    (startedAt === undefined ? "" : `process_start_time_seconds ${startedAt}\n`) +
    lines;
  const page = pageOf(
    at,
    parseExposition(text, (name) => names.has(name)),
  );
  if ("kind" in page) throw new Error(page.detail);
  return page;
}

function requestsOf(pages: readonly Page[], now: number): (readonly number[])[] {
  return windowsOf(new Map([["a", pages]]), 0, now, OPTIONS).map(({ from, control }) => [
    from,
    control.requests,
  ]);
}

const signalsOf = (before: string, after: string): Readonly<Record<string, unknown>> => {
  const pages = new Map([["a", [pageAt(1100, { lines: before }), pageAt(2100, { lines: after })]]]);
  return windowsOf(pages, 0, 2100, OPTIONS)[0]?.canary.signals ?? {};
};

const counter = (outcome: string, value: number, excluded = "no"): string =>
  `edgezero_requests_total{path="edgezero",outcome="${outcome}",excluded="${excluded}"} ${value}\n`;

const bucket = (outcome: string, le: string, value: number, evidence = "true"): string =>
  `edgezero_request_duration_seconds_bucket{path="edgezero",evidence="${evidence}",outcome="${outcome}",le="${le}"} ${value}\n`;

const site = (wins: number, bids: number): string =>
  `site_wins_total{path="edgezero",kind="a"} ${wins}\nsite_wins_total{path="edgezero",kind="b"} 50\n` +
  `site_bids_total{path="edgezero",kind="a"} ${bids}\n`;

const clients = (all: number, failing: number): string =>
  `edgezero_clients{path="edgezero",outcome="all"} ${all}\nedgezero_clients{path="edgezero",outcome="failing"} ${failing}\n`;

const gateway = (lines: string): Page[] => [pageAt(1100, {}), pageAt(2100, { lines })];

describe("which requests a window has", () => {
  test("those between the first page in it and the first page after it", () => {
    const pages = [
      pageAt(1900, { requests: 1 }),
      pageAt(2300, { requests: 4 }),
      pageAt(3200, { requests: 9 }),
    ];
    expect(requestsOf(pages, 3200)).toEqual([
      [1000, 3],
      [2000, 5],
    ]);
  });

  test("a page that is owed is waited for until a window's length has passed", () => {
    const late = [pageAt(1100, { requests: 1 })];
    expect(requestsOf(late, 2900)).toEqual([]);
    expect(requestsOf([...late, pageAt(2950, { requests: 5 })], 2950)).toEqual([[1000, 4]]);
  });

  test("a gateway's pages that lie further apart belong to no window", () => {
    const pages = [pageAt(1100, { requests: 1 }), pageAt(4100, { requests: 9 })];
    expect(requestsOf(pages, 4100)).toEqual([]);
  });

  test.each([
    { name: "go by one config", second: 0x1a, expected: [[1000, 5]] },
    { name: "go by two: it is of no path's evidence", second: 0x1b, expected: [] },
  ])("a gateway whose workers $name", ({ second, expected }) => {
    const lines = `edgezero_config_epoch{worker="2"} ${second}\n`;
    const pages = [pageAt(1100, { lines }), pageAt(2100, { lines, requests: 5 })];
    expect(requestsOf(pages, 2100)).toEqual(expected);
  });

  test("another gateway that owes a page is left out", () => {
    const there = [pageAt(1100, {}), pageAt(2100, { requests: 5 }), pageAt(3100, { requests: 5 })];
    const gone = [pageAt(1100, { requests: 3 })];
    const pages = new Map([
      ["a", there],
      ["b", gone],
    ]);
    expect(windowsOf(pages, 0, 2100, OPTIONS)).toEqual([]);
    const windows = windowsOf(pages, 0, 3100, OPTIONS);
    expect(windows.map(({ control, instances }) => [control.requests, instances])).toEqual([
      [5, 1],
      [0, 1],
    ]);
  });

  test.each([
    { name: "its epoch changed", before: { epoch: 1 }, after: { epoch: 2, requests: 5 } },
    { name: "a counter fell", before: { requests: 9 }, after: { requests: 5 } },
    {
      name: "its process is another, and no counter is lower",
      before: { startedAt: 1, requests: 1 },
      after: { startedAt: 2, requests: 5 },
    },
    {
      name: "a counter is gone",
      before: { lines: 'edgezero_requests_total{path="edgezero",outcome="ok",excluded="no"} 0\n' },
      after: { requests: 5 },
    },
  ])("a gateway counts for neither path where $name", ({ before, after }) => {
    expect(requestsOf([pageAt(1100, before), pageAt(2100, after)], 2100)).toEqual([]);
  });

  test("decisions of a gateway whose epoch changed are shown, under the old one", () => {
    const steady = [pageAt(1100, { epoch: 2 }), pageAt(2100, { epoch: 2, requests: 7 })];
    const changing = [pageAt(1100, { epoch: 1 }), pageAt(2100, { epoch: 2, requests: 5 })];
    const pages = new Map([
      ["a", steady],
      ["b", changing],
    ]);
    const [window] = windowsOf(pages, 0, 2100, OPTIONS);
    expect(window).toMatchObject({ decisions: { 1: 5, 2: 7 }, control: { requests: 7 } });
  });

  test("counts are never negative, nor more than there were", () => {
    const step = fc.record({
      wait: fc.integer({ min: 1, max: 2500 }),
      rise: fc.integer({ min: -50, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let at = 10_000;
        let requests = 0;
        let served = 0;
        const pages = steps.map(({ wait, rise }) => {
          at += wait;
          // A fall is a restart, after which that many came.
          requests = rise < 0 ? Math.min(requests, -rise) : requests + rise;
          served += Math.abs(rise);
          return pageAt(at, { requests });
        });
        const counts = requestsOf(pages, at).map(([, count = 0]) => count);
        expect(Math.min(0, ...counts)).toBe(0);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(served);
      }),
      { numRuns: 200 },
    );
  });
});

describe("what a window says of a path", () => {
  test("failures are errors and timeouts, and what is excluded counts nowhere", () => {
    const after =
      counter("ok", 7) +
      counter("error", 2) +
      counter("timeout", 1) +
      counter("error", 9, "forced");
    expect(signalsOf("", after)).toMatchObject({
      errors: { trials: 10, hits: 3 },
      late: { trials: 10, hits: 1 },
    });
  });

  test("a client that leaves after 5 s without an answer is a timeout, and an earlier one is not", () => {
    const after =
      counter("ok", 6) +
      counter("aborted", 4) +
      bucket("aborted", "0.1", 2) +
      bucket("aborted", "5.07", 3) +
      bucket("aborted", "+Inf", 4);
    expect(signalsOf("", after)).toMatchObject({
      errors: { trials: 10, hits: 1 },
      late: { trials: 10, hits: 1 },
    });
  });

  test("the latency is that of evidence that went well", () => {
    const after =
      counter("ok", 6) +
      bucket("ok", "0.05", 1) +
      bucket("ok", "0.1", 2) +
      bucket("ok", "5", 5) +
      bucket("ok", "+Inf", 6) +
      bucket("error", "0.1", 9) +
      bucket("error", "+Inf", 9) +
      bucket("ok", "0.1", 9, "false");
    expect(signalsOf("", after)).toMatchObject({ p95: { buckets: [2, 3, 1] } });
  });

  test.each([
    {
      name: "by other bounds",
      after: counter("ok", 1) + bucket("ok", "0.2", 1) + bucket("ok", "+Inf", 1),
    },
    { name: "nowhere", after: counter("ok", 1) },
  ])("a latency that is counted $name is not given", ({ after }) => {
    expect(signalsOf("", after)).not.toHaveProperty("p95");
  });

  test("a custom signal counts the counters that it selects", () => {
    expect(signalsOf(site(1, 10), site(4, 30))).toMatchObject({ wins: { trials: 20, hits: 3 } });
  });

  test("a custom signal whose counters are nowhere is not given", () => {
    expect(signalsOf("", 'site_bids_total{path="edgezero"} 5\n')).not.toHaveProperty("wins");
  });

  test("a path without a custom signal's counters had none, where the other path has them", () => {
    const legacy = 'site_wins_total{path="legacy",kind="a"} 5\nsite_bids_total{path="legacy"} 9\n';
    expect(signalsOf("", legacy)).toMatchObject({ wins: { trials: 0, hits: 0 } });
  });
});

test("distinct clients of several gateways are as many as the largest count", () => {
  const pages = new Map([
    ["a", gateway(clients(30, 1))],
    ["b", gateway(clients(20, 3))],
    ["c", gateway("")],
  ]);
  const [window] = windowsOf(pages, 0, 2100, OPTIONS);
  expect(window?.canary.clients).toEqual({ all: 30, failing: 3 });
  expect(window?.control.clients).toBeNull();
});

/** Of two gateways, of which one has these lines on its page. */
function instancesOf(lines: string): readonly (number | null)[] {
  const pages = new Map([
    ["a", [pageAt(1100, { lines }), pageAt(2100, { lines })]],
    ["b", [pageAt(1200, {}), pageAt(2200, {})]],
  ]);
  return windowsOf(pages, 0, 2200, OPTIONS).map(({ instances }) => instances);
}

test("a page that counts for several processes is as many instances, and any other page is one", () => {
  expect(instancesOf("")).toEqual([2]);
  expect(instancesOf("edgezero_gateway_workers 4\n")).toEqual([5]);
  expect(instancesOf("edgezero_gateway_workers 0\n")).toEqual([2]);
});
