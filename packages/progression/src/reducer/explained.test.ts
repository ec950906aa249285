import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { statesOfHistories, statesOfSignals } from "../../test/random-states.ts";
import type { Bar } from "../statistics/index.ts";
import { explain } from "./explain.ts";
import type { ExplainedSignal } from "./explain-signal.ts";

/** As a caller gets them: through JSON. */
const EXPLAINED = [...statesOfHistories(250, 10), ...statesOfSignals(200)].map(
  (state) => JSON.parse(JSON.stringify(explain(state))) as ReturnType<typeof explain>,
);

const schemaUrl = new URL("../../explain.schema.json", import.meta.url);
const isBySchema = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(schemaUrl, "utf8")) as object,
);

test("there are states of every kind, and every verdict", () => {
  const states = new Set(EXPLAINED.map(({ state }) => state));
  const verdicts = EXPLAINED.flatMap(({ signals }) =>
    signals.map(({ reading }) => reading.verdict),
  );
  expect(states.size).toBe(11);
  expect(new Set(verdicts).size).toBe(4);
});

describe("the schema of an explanation", () => {
  test("takes the explanation of any state", () => {
    for (const explanation of EXPLAINED) {
      isBySchema(explanation);
      expect(isBySchema.errors).toBeNull();
    }
  });

  test("refuses one with any field left out, added or of another type", () => {
    const sample = EXPLAINED.find(({ stage, signals }) => stage !== null && signals.length > 0);
    const places = pathsOf(sample);
    const taken: string[] = [];
    expect(places.length).toBeGreaterThan(100);
    for (const path of places) {
      for (const broken of [without(sample, path), replaced(sample, path), added(sample, path)]) {
        if (isBySchema(broken)) taken.push(path.join("/"));
      }
    }
    expect(taken).toEqual([]);
  }, 60_000);
});

type Path = readonly string[];
type Fields = Record<string, unknown>;

/** Each field of an object, and of the objects and lists in it. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [];
  const paths: Path[] = [];
  for (const [key, inner] of Object.entries(value)) {
    // What a signal states is optional in part, and so are directions, and the buckets of a rate.
    if (["signal", "up", "down", "histogram"].includes(key)) continue;
    const at = path.concat(key);
    if (!Array.isArray(value)) paths.push(at);
    paths.push(...pathsOf(inner, at));
  }
  return paths;
}

function changed(
  value: unknown,
  path: Path,
  change: (parent: Fields, key: string) => void,
): unknown {
  const copy = JSON.parse(JSON.stringify(value)) as Fields;
  let parent = copy;
  for (const key of path.slice(0, -1)) parent = parent[key] as Fields;
  change(parent, path.at(-1) ?? "");
  return copy;
}

const without = (value: unknown, path: Path): unknown =>
  changed(value, path, (parent, key) => delete parent[key]);
const replaced = (value: unknown, path: Path): unknown =>
  changed(value, path, (parent, key) => (parent[key] = { unknown: "x" }));
const added = (value: unknown, path: Path): unknown =>
  changed(value, path, (parent) => (parent["unknown"] = 1));

const PYTHON = spawnSync("python3", ["--version"]).status === 0;
if (!PYTHON) {
  process.stderr.write("skipped: there is no python3; install it with: apt-get install python3\n");
}

interface Again {
  readonly verdict: string;
  readonly worse: number;
  readonly beyond: number;
  readonly hits: number;
  readonly trials: number;
  readonly healthy: Readonly<Record<string, number>>;
}

// In CI a test that cannot run is a failure.
test.skipIf(!PYTHON && process.env["CI"] === undefined)(
  "fifty lines of Python compute each verdict again",
  () => {
    const script = fileURLToPath(new URL("../../test/verdicts.py", import.meta.url));
    const input = JSON.stringify(EXPLAINED);
    const { stdout, stderr, status } = spawnSync("python3", [script], {
      input,
      maxBuffer: 2 ** 28,
    });
    expect([status, stderr.toString()]).toEqual([0, ""]);
    const again = JSON.parse(stdout.toString()) as Again[][];
    expect(readFileSync(script, "utf8").split("\n").length).toBeLessThanOrEqual(51);
    const signals = EXPLAINED.flatMap((explanation) => explanation.signals);
    expect(again.flat().length).toBe(signals.length);
    expect(again.flat().filter((own, i) => !isSame(own, signals[i]))).toEqual([]);
  },
  60_000,
);

function isSame(own: Again, signal: ExplainedSignal | undefined): boolean {
  if (signal === undefined || own.verdict !== signal.reading.verdict) return false;
  const { healthy, ratios: _, ...bars } = signal.bars;
  const isNamed = Object.keys(own.healthy).join() === Object.keys(healthy).join();
  return (
    isNamed &&
    Object.entries(healthy).every(([way, bar]) => isClose(own.healthy[way], bar)) &&
    Object.entries(bars).every(([name, bar]) => isClose(own[name as keyof typeof bars], bar))
  );
}

function isClose(own: number | undefined, { value }: Bar): boolean {
  return Math.abs((own ?? NaN) - value) <= 1e-9 * Math.max(1, Math.abs(value));
}
