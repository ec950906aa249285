import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { send } from "@edgezero/testbed/http-client";
import { metricsUrl, scrape } from "@edgezero/testbed/metrics-page";
import { describeWithPrometheus, promtool } from "@edgezero/testbed/prometheus/promtool";
import { expect, onTestFinished, test } from "vitest";
import type { GridPosition } from "./dashboard.ts";
import { DASHBOARD, queriesFor } from "./dashboard.ts";
import { metricsIn } from "./promql.ts";
import { RECORDED } from "./shipped-rules.ts";

/** The data source that the variable stands for. */
const SOURCE = { type: "prometheus", uid: "${datasource}" };
const { panels, templating, annotations } = DASHBOARD;
const charts = panels.filter(({ type }) => type !== "row");

/** The schema of Grafana 10 and 11; later versions migrate it. */
test("is a dashboard, which Grafana imports without asking for a data source", () => {
  expect(DASHBOARD).toMatchObject({
    uid: "edgezero-rollout",
    title: "EdgeZero rollout",
    schemaVersion: 39,
  });
  // An import must make a new one.
  expect(DASHBOARD).not.toHaveProperty("id");
  expect(DASHBOARD).not.toHaveProperty("__inputs");
  expect(templating.list.map(({ name, type }) => [name, type])).toEqual([
    ["datasource", "datasource"],
    ["job", "query"],
    ["instance", "query"],
  ]);
});

test("every panel has an id of its own, a title, a type, and says what it shows", () => {
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(panels.every(({ id }) => Number.isInteger(id) && id > 0)).toBe(true);
  expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  expect(new Set(panels.map(({ type }) => type))).toEqual(new Set(["row", "stat", "timeseries"]));
  for (const { title, description } of charts) {
    expect([title, description]).toEqual([title, expect.stringMatching(/\w.+\./)]);
  }
});

test("one state is on top, of four that are told apart, and nothing is shown as go without data", () => {
  const [first] = panels.toSorted((a, b) => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x);
  expect([first?.title, first?.gridPos.y]).toEqual(["State", 0]);
  const { noValue, mappings = [] } = first?.fieldConfig?.defaults ?? {};
  expect(noValue).toBe("not enough evidence");
  const shown = Object.entries(mappings[0]?.options ?? {}).map(([value, { text }]) => [
    value,
    text,
  ]);
  expect(shown).toEqual([
    ["0", "not enough evidence"],
    ["1", "go"],
    ["2", "hold"],
    ["3", "roll back"],
  ]);
  expect(new Set(Object.values(mappings[0]?.options ?? {}).map(({ color }) => color)).size).toBe(4);
});

test("panels lie within 24 columns, and on no other", () => {
  for (const [i, { gridPos, title }] of panels.entries()) {
    const { x, y, w, h } = gridPos;
    expect([x, y, w, h].every((n) => Number.isInteger(n) && n >= 0)).toBe(true);
    expect([w > 0, h > 0, x + w <= 24]).toEqual([true, true, true]);
    const under = panels.slice(i + 1).filter((other) => overlap(gridPos, other.gridPos));
    expect([title, under]).toEqual([title, []]);
  }
});

test("every query goes to the data source that the reader has chosen", () => {
  for (const { title, datasource, targets = [] } of charts) {
    expect([title, datasource]).toEqual([title, SOURCE]);
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.map((target) => target.datasource)).toEqual(targets.map(() => SOURCE));
    expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
  }
  expect(annotations.list.map(({ datasource }) => datasource)).toEqual([SOURCE]);
});

test("every query is of the chosen job, and of no variable that is not there", () => {
  const texts = [
    ...charts.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ...annotations.list.map(({ expr }) => expr),
    ...templating.list.map(({ definition = "" }) => definition),
  ];
  const known = new Set(["job", "instance", "__rate_interval"]);
  const used = texts.flatMap((text) => [...text.matchAll(/\$(\w+)/g)].map(([, name]) => name));
  expect(used.filter((name) => !known.has(String(name)))).toEqual([]);
  const ofNoJob = charts
    .flatMap(({ targets = [] }) => targets)
    .filter(({ expr }) => !expr.includes('job="$job"'));
  expect(ofNoJob).toEqual([]);
});

test("every metric is one of a gateway, or is recorded by the rules", async () => {
  const gateway = await startGatewayProcess({});
  onTestFinished(() => gateway.stopCleanly());
  await send(gateway.url);
  const used = new Set(queriesFor("site", "1m").flatMap(metricsIn));
  const known = new Set([...RECORDED, "ALERTS"]);
  await expect
    .poll(async () => {
      for (const { name } of await scrape(metricsUrl(gateway))) known.add(name);
      return [...used].filter((name) => !known.has(name));
    })
    .toEqual([]);
  expect(used.size).toBeGreaterThan(10);
});

describeWithPrometheus("promtool", () => {
  test("understands every query", () => {
    const folder = mkdtempSync(join(tmpdir(), "edgezero-dashboard-"));
    const file = join(folder, "rules.json");
    // JSON is YAML.
    const rules = queriesFor("site", "1m").map((expr, i) => ({ record: `query:${i}`, expr }));
    writeFileSync(file, JSON.stringify({ groups: [{ name: "dashboard", rules }] }));
    const { code, said } = promtool(["check", "rules", file]);
    rmSync(folder, { recursive: true });
    expect(said).toContain(`SUCCESS: ${rules.length} rules found`);
    expect(code).toBe(0);
  });
});

function overlap(one: GridPosition, other: GridPosition): boolean {
  const beside = one.x + one.w <= other.x || other.x + other.w <= one.x;
  const above = one.y + one.h <= other.y || other.y + other.h <= one.y;
  return !beside && !above;
}
