import { readFileSync } from "node:fs";
import type { PrometheusServer } from "@edgezero/testbed/prometheus/prometheus-server";
import { startPrometheus } from "@edgezero/testbed/prometheus/prometheus-server";
import { describeWithPrometheus } from "@edgezero/testbed/prometheus/promtool";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { RULES } from "./shipped-rules.ts";
import type { SyntheticTarget } from "./synthetic-target.ts";
import { startSyntheticTarget } from "./synthetic-target.ts";

const MARGIN = 0.001;
const RUNS = 2000;
const ROWS = [0, 0.0005, 0.001, 0.01].flatMap((baseline) =>
  [1, 10, 50].map((pct) => ({ name: nameOf(baseline, pct), baseline, pct })),
);

function nameOf(baseline: number, pct: number): string {
  return `baseline-${baseline}-pct-${pct}`;
}

describeWithPrometheus("N, as the rules give it", () => {
  let target: SyntheticTarget;
  let prometheus: PrometheusServer;
  const needed = new Map<string, number>();

  beforeAll(async () => {
    target = await startSyntheticTarget();
    for (const { name, pct } of ROWS) target.set(name, { pct, legacy: [0, 0], edgezero: [0, 0] });
    prometheus = await startPrometheus({
      "prometheus.yml": configFor(target.host),
      "edgezero.rules.yml": RULES,
    });
    await counts("job_path:edgezero_stage:requests", 4 * ROWS.length);
    for (const { name, baseline, pct } of ROWS) {
      const all = (1 - pct / 100) * 1e8;
      target.set(name, { pct, legacy: [all, all * baseline], edgezero: [pct * 1e6, 0] });
    }
    await counts(NEEDED, ROWS.length);
    for (const { labels, value } of await prometheus.query(NEEDED)) {
      needed.set(String(labels["job"]), value);
    }
  });

  afterAll(async () => {
    await prometheus?.close();
    await target?.close();
  });

  const NEEDED = 'job:edgezero_evidence:needed{signal="error_ratio"}';

  /** Resolves once that many series answer a query. */
  async function counts(promQl: string, series: number): Promise<void> {
    await vi.waitFor(async () => expect(await prometheus.query(promQl)).toHaveLength(series), {
      timeout: 60_000,
      interval: 200,
    });
  }

  test("is what the runbook says of it", () => {
    const runbook = readFileSync(new URL("../../docs/runbook.md", import.meta.url), "utf8");
    for (const pct of [1, 10, 50]) {
      const row = [0.001, 0.01].map((baseline) => needed.get(nameOf(baseline, pct)));
      expect(runbook).toMatch(new RegExp(`^\\| ${pct}% +\\| ${row[0]} +\\| ${row[1]} +\\|$`, "m"));
    }
  });

  test.each(ROWS)(
    "requests show twice the margin with 90 %, and half of them do not: $name",
    ({ name, baseline, pct }) => {
      const n = needed.get(name) ?? NaN;
      // Failures are whole numbers, and three standard errors are not exact for few of them.
      expect(shareSeen(n, baseline, pct)).toBeGreaterThan(0.86);
      expect(shareSeen(n, baseline, pct)).toBeLessThan(0.99);
      expect(shareSeen(Math.ceil(n / 2), baseline, pct)).toBeLessThan(0.7);
    },
  );
});

/** How often EdgeZeroErrorsInStage sees an EdgeZero that fails by twice the margin, in `n` requests. */
function shareSeen(n: number, baseline: number, pct: number): number {
  const random = seeded(n + pct);
  const legacy = Math.round((n * (100 - pct)) / pct);
  let seen = 0;
  for (let run = 0; run < RUNS; run++) {
    const failed = failures(n, baseline + 2 * MARGIN, random);
    const legacyFailed = failures(legacy, baseline, random);
    const difference = failed / n - legacyFailed / legacy;
    const pooled = (failed + legacyFailed) / (n + legacy);
    const noise = 3 * Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / legacy));
    if (n >= 100 && failed >= 10 && difference > MARGIN && difference > noise) seen++;
  }
  return seen / RUNS;
}

/** How many of `n` requests fail, each with a chance: steps from one failure to the next. */
function failures(n: number, chance: number, random: () => number): number {
  if (chance === 0) return 0;
  // Of so many, the normal distribution is as good, and takes no time.
  if (n * chance > 500)
    return Math.round(n * chance + normal(random) * Math.sqrt(n * chance * (1 - chance)));
  let count = 0;
  for (let at = 0; ; count++) {
    at += Math.ceil(Math.log(1 - random()) / Math.log1p(-chance));
    if (at > n) return count;
  }
}

/** The standard normal distribution, by Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Numbers from 0 to below 1, the same in each run: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function configFor(host: string): string {
  const jobs = ROWS.map(
    ({ name }) => `
  - job_name: ${name}
    metrics_path: /${name}
    static_configs: [{ targets: ["${host}"] }]`,
  );
  return `
global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [edgezero.rules.yml]
scrape_configs:${jobs.join("")}
`;
}
