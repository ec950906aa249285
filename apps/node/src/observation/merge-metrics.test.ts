import { expect, test } from "vitest";
import type { Metric } from "./exposition.ts";
import { lastingMetrics, mergeMetrics } from "./merge-metrics.ts";

const help = "";

/** What a worker tells that has answered so many requests. */
function told(requests: number, epoch: number): Metric[] {
  const labels = { path: "legacy" };
  return [
    { name: "info", type: "gauge", help, across: "same", samples: [{ value: 1 }] },
    { name: "requests_total", type: "counter", help, samples: [{ labels, value: requests }] },
    { name: "open", type: "gauge", help, samples: [{ value: requests }] },
    { name: "epoch", type: "gauge", help, across: "worker", samples: [{ value: epoch }] },
    {
      name: "duration",
      type: "histogram",
      help,
      samples: [
        { suffix: "_count", labels, value: requests },
        { suffix: "_bucket", labels: { ...labels, le: "1" }, value: requests - 1 },
      ],
    },
  ];
}

test("counts are summed, what is the same is shown once, and the rest by worker", () => {
  const merged = mergeMetrics([
    { worker: 1, metrics: told(5, 7) },
    { worker: 2, metrics: told(3, 8) },
  ]);
  expect(merged.map(({ name, samples }) => [name, samples])).toEqual([
    ["info", [{ value: 1 }]],
    ["requests_total", [{ labels: { path: "legacy" }, value: 8 }]],
    ["open", [{ value: 8 }]],
    [
      "epoch",
      [
        { labels: { worker: "1" }, value: 7 },
        { labels: { worker: "2" }, value: 8 },
      ],
    ],
    [
      "duration",
      [
        { suffix: "_count", labels: { path: "legacy" }, value: 8 },
        { suffix: "_bucket", labels: { path: "legacy", le: "1" }, value: 6 },
      ],
    ],
  ]);
});

test("a series that only one worker has is there too", () => {
  const labels = { path: "edgezero" };
  const other: Metric = {
    name: "requests_total",
    type: "counter",
    help,
    samples: [{ labels, value: 2 }],
  };
  const [, requests] = mergeMetrics([
    { worker: 1, metrics: told(5, 7) },
    { worker: 2, metrics: [other] },
  ]);
  expect(requests?.samples).toEqual([
    { labels: { path: "legacy" }, value: 5 },
    { labels, value: 2 },
  ]);
});

test("of a worker that has ended its counts stay, and nothing that it was", () => {
  const lasting = lastingMetrics(told(5, 7));
  expect(lasting.map(({ name }) => name)).toEqual(["info", "requests_total", "duration"]);
  const merged = mergeMetrics([
    { worker: 1, metrics: told(1, 9) },
    { worker: null, metrics: lasting },
  ]);
  expect(merged.find(({ name }) => name === "requests_total")?.samples[0]?.value).toBe(6);
  expect(merged.find(({ name }) => name === "open")?.samples[0]?.value).toBe(1);
});

test("a worker that is being replaced shows no value of its own", () => {
  const merged = mergeMetrics([{ worker: null, metrics: told(5, 7) }]);
  expect(merged.map(({ name }) => name)).toEqual(["info", "requests_total", "open", "duration"]);
});
