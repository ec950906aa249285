import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "@edgezero/config";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { OpenEnvironment } from "../src/environment/open-environment.ts";
import { openEnvironment } from "../src/environment/open-environment.ts";
import { SILENT } from "./silent-logger.ts";

const SCRAPE = "scrape:http://127.0.0.1:9/metrics";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-controller-"));
  const values = { edgezero_enabled: "true", edgezero_rollout_pct: "0" };
  writeFileSync(join(folder, "rollout.json"), JSON.stringify(values));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function open(evidence: readonly string[], signals: object = {}): Promise<OpenEnvironment> {
  const plan = {
    stages: [
      { pct: 1, hold: "30m" },
      { pct: 100, hold: "1h" },
    ],
    ...signals,
  };
  const production = { store: `file:${join(folder, "rollout.json")}`, evidence, plan };
  const path = join(folder, "edgezero.config.json");
  writeFileSync(path, JSON.stringify({ environments: { production } }));
  const loaded = await loadConfig({ config: path }, folder);
  if (loaded === null) throw new Error("no config");
  return openEnvironment("production", loaded, {}, join(folder, "state"), SILENT, () => {});
}

test("two sources of one kind are refused, since the windows of one would be lost", async () => {
  await expect(open([SCRAPE, "scrape:http://127.0.0.1:10/metrics"])).rejects.toThrow(
    "evidence names scrape: twice",
  );
});

test("a signal of a source that the config does not have is refused, and nothing stays open", async () => {
  const wins = {
    kind: "rate",
    of: "failures",
    margin: { points: 0.1 },
    breach: "hold",
    source: "prometheus",
  };
  await expect(open([SCRAPE], { signals: { wins } })).rejects.toThrow(
    "no source is named prometheus",
  );
  expect(readdirSync(folder).filter((file) => file === "state")).toEqual([]);
  const opened = await open([SCRAPE]);
  await expect(open([SCRAPE])).rejects.toThrow(
    /leads already, since .*stop it first, such as by: kill \d+/,
  );
  await opened.close();
});
