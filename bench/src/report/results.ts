import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { fileURLToPath } from "node:url";

/** Where a result was measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
}

/** What a benchmark found, as it is kept in `bench/results`. */
export interface Result<Data> {
  readonly benchmark: string;
  /** UTC, as ISO 8601. */
  readonly measuredAt: string;
  readonly machine: Machine;
  /** Of the programs and packages that took part, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Processes that wanted a core at the end, over five minutes; `undefined` where it was not recorded. */
  readonly loadAverage?: number;
  readonly data: Data;
}

/** A load average that is more than a measurement's own. */
export const BUSY = 6;

/** Tells whether the machine had other work, so that a result shows little of what was measured. */
export function isBusy({ loadAverage = 0 }: Pick<Result<unknown>, "loadAverage">): boolean {
  return loadAverage > BUSY;
}

const FOLDER = fileURLToPath(new URL("../../results/", import.meta.url));

/** Keeps a result as the last of its benchmark. */
export function writeResult(
  benchmark: string,
  versions: Readonly<Record<string, string>>,
  data: unknown,
): void {
  const result: Result<unknown> = {
    benchmark,
    measuredAt: new Date().toISOString(),
    machine: thisMachine(),
    loadAverage: loadavg()[1] ?? 0,
    versions: { node: process.versions.node, ...versions },
    data,
  };
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}${benchmark}.json`, `${JSON.stringify(result, null, 2)}\n`);
  console.log(`Kept in bench/results/${benchmark}.json`);
}

/** Keeps a drawing beside the results. */
export function writePlot(name: string, svg: string): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}${name}.svg`, svg);
}

/** The last result of a benchmark. Throws where there is none. */
export function readResult<Data>(benchmark: string): Result<Data> {
  return JSON.parse(readFileSync(`${FOLDER}${benchmark}.json`, "utf8")) as Result<Data>;
}

function thisMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model ?? "unknown",
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
  };
}
