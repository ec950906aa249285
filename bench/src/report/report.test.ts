import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { drawPlot } from "./plot.ts";
import { withTables } from "./readme.ts";
import { readResult } from "./results.ts";
import type { ScaleData } from "./scale-table.ts";
import { scalePlots } from "./scale-table.ts";
import { table } from "./table.ts";

const fileOf = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");

test("the README's tables are those of the results: npx pnpm@12 --filter bench tables", () => {
  const readme = fileOf("README.md");
  expect(withTables(readme)).toBe(readme);
});

test("the plots are those of the results", () => {
  for (const [name, plot] of Object.entries(scalePlots(readResult<ScaleData>("scale").data))) {
    expect(fileOf(`results/${name}.svg`)).toBe(drawPlot(plot));
  }
});

test("every result says when, where and with what it was measured", () => {
  for (const name of [
    "decision",
    "size",
    "balance",
    "verdicts",
    "http",
    "proxies",
    "scale",
    "limits",
    "nginx",
    "workers",
  ]) {
    const { benchmark, measuredAt, machine, versions } = readResult(name);
    expect(benchmark).toBe(name);
    expect(measuredAt).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(machine.cores).toBeGreaterThan(0);
    expect(versions["node"]).toMatch(/^\d+\.\d+\.\d+$/);
  }
});

test("tables are aligned as oxfmt leaves them", () => {
  expect(table(["what", "n"], [["a", "10"]])).toBe(
    "| what |   n |\n| ---- | --: |\n| a    |  10 |",
  );
});

test("a plot has a point for each point, within its frame", () => {
  const points = [
    [1, 1],
    [1000, 3],
  ] as const;
  const svg = drawPlot({ title: "t", x: "x", y: "y", says: "s", points });
  const circles = [...svg.matchAll(/<circle cx='([\d.]+)' cy='([\d.]+)'/g)];
  expect(circles.map(([, cx, cy]) => [Number(cx), Number(cy)])).toEqual([
    [64, 218],
    [620, 110],
  ]);
});
