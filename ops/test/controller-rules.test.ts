import { readFileSync } from "node:fs";
import type { Measured } from "@edgezero/controller/api/metrics-page";
import { metricsPage } from "@edgezero/controller/api/metrics-page";
import { VIEW } from "@edgezero/controller/test/api/fake-environments";
import { parseMetrics } from "@edgezero/testbed/metrics-page";
import { describeWithPrometheus, promtool } from "@edgezero/testbed/prometheus/promtool";
import { expect, test } from "vitest";
import { metricsIn } from "./promql.ts";
import { PROMETHEUS_FOLDER } from "./shipped-rules.ts";

const FILE = `${PROMETHEUS_FOLDER}edgezero.controller.rules.yml`;
const RULES = readFileSync(FILE, "utf8");
const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");

const MEASURED: Measured = {
  view: { ...VIEW, sources: [{ name: "scrape", location: "", newest: null, missing: "no" }] },
  counts: {
    ticks: 1,
    faults: 0,
    lastTickAt: 1,
    storeReadAt: 1,
    sourceFailures: { scrape: 1 },
    pages: { share: 1 },
  },
  windowMs: 15_000,
  isConfigRefused: false,
  leasesLost: 0,
  receivers: [
    {
      name: "pager",
      format: "slack",
      origin: "https://a.example",
      waiting: 0,
      delivered: 0,
      failed: 0,
      why: null,
    },
  ],
  dead: [],
};

describeWithPrometheus("promtool, of the controller's rules,", () => {
  test.each([
    ["the rules", "check", "edgezero.controller.rules.yml"],
    ["each alert at its threshold", "test", "edgezero.controller.test.yml"],
  ])("passes %s", (_, verb, file) => {
    const { code, said } = promtool([verb, "rules", PROMETHEUS_FOLDER + file]);
    expect(said).toContain("SUCCESS");
    expect(said).not.toMatch(/FAILED|WARNING/);
    expect(code).toBe(0);
  });
});

test("the rules use no metric, and no label, that a controller does not have", () => {
  const samples = parseMetrics(metricsPage([MEASURED]));
  const expressions = [...RULES.matchAll(/^( +)expr:(.*(?:\n\1 +.+)*)/gm)].map(([, , text]) =>
    String(text).replace(" |", ""),
  );
  const used = new Set(expressions.flatMap(metricsIn));
  const known = new Set(samples.map(({ name }) => name));
  expect([...used].filter((name) => !known.has(name))).toEqual([]);
  expect(used.size).toBeGreaterThan(6);
  const labels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)));
  const shown = [...RULES.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => String(label));
  expect(shown.filter((label) => !labels.has(label))).toEqual([]);
});

test("each alert says what to type, and is in the README's table", () => {
  const alerts = RULES.split(/^ +- alert: /m).slice(1);
  for (const text of alerts) {
    const [name = ""] = text.split("\n");
    expect([name, text]).toEqual([name, expect.stringMatching(/(?:edgezero-rollout|curl) \S+/)]);
    expect(README).toContain(`| \`${name}\``);
  }
  expect(alerts).toHaveLength(8);
});
