import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bar } from "./bar-chart.ts";
import { barChart } from "./bar-chart.ts";
import { REPOSITORY } from "../pages.ts";

/** A file of `bench/results`, as far as the charts need it. */
interface Result<Data> {
  readonly measuredAt: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly system: string };
  readonly versions: Readonly<Record<string, string>>;
  /** Not in older results. */
  readonly loadAverage?: number;
  readonly data: Data;
}

interface Rows<Row> {
  readonly rows: readonly (Row & { readonly name: string })[];
}

/** A measurement alone makes about 3. */
const BUSY = 6;
const FULL_DECISION = "createRollout().decide";
/** Ways that show what a decision is made of, which nobody would use instead. */
const PARTS: ReadonlySet<string> = new Set(["no-op", "decide", "readRollout + decide"]);

/** The time of one decision, of each way to decide. */
export function decisionCostSection(): string {
  const result = read<Rows<{ readonly nanoseconds: number }>>("decision");
  const bars = result.data.rows
    .filter(({ name }) => !PARTS.has(name))
    .map(({ name, nanoseconds }): Bar => {
      const isOwn = name === FULL_DECISION;
      return { name: isOwn ? "this" : name, value: nanoseconds / 1000, isOwn };
    });
  return section("CPU time of one decision, in microseconds", "µs", bars, result);
}

/** What the import for one decision weighs, of each way to decide. */
export function importCostSection(): string {
  const result = read<Rows<{ readonly gzipped: number }>>("size");
  const bars = result.data.rows.map(({ name, gzipped }, i): Bar => {
    return { name: i === 0 ? "this" : name, value: gzipped / 1000, isOwn: i === 0 };
  });
  return section("Import for one decision, minified and gzipped, in kB", "kB", bars, result);
}

/** The CPU time of one request through each proxy. */
export function proxyCostSection(): string {
  const result = read<Rows<{ readonly cpuMicroseconds: number }>["rows"]>("proxies");
  const bars = result.data.map(({ name, cpuMicroseconds: value }): Bar => ({
    name,
    value,
    isOwn: name.endsWith("gateway"),
  }));
  return section("CPU time of one request through a proxy, in microseconds", "µs", bars, result);
}

function read<Data>(name: string): Result<Data> {
  const path = join(REPOSITORY, "bench", "results", `${name}.json`);
  return JSON.parse(readFileSync(path, "utf8")) as Result<Data>;
}

function section(
  title: string,
  unit: string,
  bars: readonly Bar[],
  result: Result<unknown>,
): string {
  return `${barChart(title, unit, bars)}\n\n${conditionsOf(title, result)}`;
}

function conditionsOf(title: string, result: Result<unknown>): string {
  const { measuredAt, machine, versions, loadAverage = 0 } = result;
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const where = `${machine.cores} cores (${machine.cpu}), ${machine.system}`;
  const busy =
    loadAverage > BUSY
      ? ` The machine was busy with other work: a load average of ${loadAverage.toFixed(0)}.`
      : "";
  return `_${title}. ${measuredAt.slice(0, 10)}, ${where}, with ${programs.join(", ")}.${busy}_`;
}
