import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "@edgezero/config";
import { LATENCY_BOUNDS_MS } from "@edgezero/evidence/latency-bounds";
import { openSource } from "@edgezero/evidence/open-source";
import type { SourceConfig } from "@edgezero/evidence/source-config";
import { promtool } from "@edgezero/testbed/prometheus/promtool";
import { describe, expect, test } from "vitest";
import { blocksOf } from "../scripts/blocks.ts";

const blocks = blocksOf("docs/start/by-itself.md");
const configs = blocks.filter(({ language }) => language === "json");

/** The variables that the page names. */
const env = { PROMETHEUS_TOKEN: "a-token", CLOUDFLARE_ANALYTICS_TOKEN: "a-token" };

describe("the config files of the page about the controller", () => {
  test("there is one for each kind of source", () => {
    const text = configs.map(({ text: each }) => each).join("");
    for (const scheme of ["scrape:", "prometheus:", "analytics-engine:", "events:"]) {
      expect(text).toContain(`"${scheme}`);
    }
  });

  test.each(configs)("the one of line $line is valid, and its sources open", async ({ text }) => {
    const folder = mkdtempSync(join(tmpdir(), "edgezero-docs-"));
    writeFileSync(join(folder, "edgezero.config.json"), text, { mode: 0o600 });
    const loaded = await loadConfig({}, folder);
    rmSync(folder, { recursive: true });
    const { environments = {} } = loaded?.config ?? {};
    const options = { windowMs: 15_000, signals: [], bounds: LATENCY_BOUNDS_MS, env };
    const evidence = Object.values(environments).flatMap((one) => one.evidence ?? []);
    expect(evidence.length > 0).toBe(text.includes('"evidence"'));
    for (const given of evidence) {
      await openSource(given as string | SourceConfig, options).close();
    }
  });
});

test("Prometheus takes its config", () => {
  const yaml = blocks.find(({ language }) => language === "yaml")?.text ?? "";
  const folder = mkdtempSync(join(tmpdir(), "edgezero-docs-"));
  writeFileSync(join(folder, "prometheus.yml"), yaml);
  const { code, said } = promtool(["check", "config", join(folder, "prometheus.yml")]);
  rmSync(folder, { recursive: true });
  expect(said).toContain("is valid prometheus config file syntax");
  expect(code).toBe(0);
});
