import { describeWithPrometheus, promtool } from "@edgezero/testbed/prometheus/promtool";
import { expect, test } from "vitest";
import type { Metric } from "./exposition.ts";
import { exposition } from "./exposition.ts";

const ODD_TEXT = 'a "quoted" \\ text\nof two lines, ü';

const metrics: readonly Metric[] = [
  {
    name: "test_requests_total",
    type: "counter",
    help: ODD_TEXT,
    samples: [
      { labels: { path: ODD_TEXT, reason: "" }, value: 1 },
      { labels: { path: "b", reason: "x" }, value: 1e21 },
      { labels: {}, value: 0 },
    ],
  },
  { name: "test_empty_seconds", type: "histogram", help: "No samples", samples: [] },
  {
    name: "test_duration_seconds",
    type: "histogram",
    help: "Durations",
    samples: [
      { suffix: "_count", labels: { path: "a" }, value: 2 },
      { suffix: "_sum", labels: { path: "a" }, value: 0.30000000000000004 },
      { suffix: "_bucket", labels: { path: "a", le: "0.1" }, value: 1 },
      { suffix: "_bucket", labels: { path: "a", le: "+Inf" }, value: 2 },
    ],
  },
  { name: "test_age_seconds", type: "gauge", help: "Age", samples: [{ value: 1e-9 }] },
];

test("metrics are written in the text format, with what its readers need escaped", () => {
  expect(exposition(metrics)).toBe(
    String.raw`# HELP test_requests_total a "quoted" \\ text\nof two lines, ü
# TYPE test_requests_total counter
test_requests_total{path="a \"quoted\" \\ text\nof two lines, ü",reason=""} 1
test_requests_total{path="b",reason="x"} 1e+21
test_requests_total 0
# HELP test_empty_seconds No samples
# TYPE test_empty_seconds histogram
# HELP test_duration_seconds Durations
# TYPE test_duration_seconds histogram
test_duration_seconds_count{path="a"} 2
test_duration_seconds_sum{path="a"} 0.30000000000000004
test_duration_seconds_bucket{path="a",le="0.1"} 1
test_duration_seconds_bucket{path="a",le="+Inf"} 2
# HELP test_age_seconds Age
# TYPE test_age_seconds gauge
test_age_seconds 1e-9
`,
  );
});

test.each([
  [Infinity, "+Inf"],
  [-Infinity, "-Inf"],
  [NaN, "NaN"],
])("%d is written as %s", (value, expected) => {
  const metric: Metric = { name: "test", type: "gauge", help: "", samples: [{ value }] };
  expect(exposition([metric])).toBe(`# HELP test \n# TYPE test gauge\ntest ${expected}\n`);
});

test("no metrics are an empty page", () => {
  expect(exposition([])).toBe("");
});

describeWithPrometheus("promtool", () => {
  test("reads the same page", () => {
    expect(promtool(["check", "metrics"], exposition(metrics))).toEqual({ code: 0, said: "" });
  });
});
