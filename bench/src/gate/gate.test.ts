// Fails where the product has become slower, larger or hungrier than `bench/results` says, by more than the
// noise. Costs are ratios within one run: a machine that is slower as a whole changes none of them.
import { findViceroy } from "@edgezero/fastly/viceroy";
import { expect, test } from "vitest";
import type { DecisionData } from "../decision/measure.ts";
import { DECIDE, FULL } from "../decision/measure.ts";
import type { ScaleData } from "../report/scale-table.ts";
import { readResult } from "../report/results.ts";
import { readsOfFastly, readsOfFile, readsOfIsolate } from "../scale/config-reads.ts";
import { weigh } from "../size/bytes.ts";
import { entries } from "../size/entries.ts";
import type { SizeData } from "../size/measure.ts";
import { fallenBehind, leastDecisionCosts } from "./gate.ts";

/**
 * The least of five processes was 0.94 to 1.2 bare loops for `decide` and 1.24 to 1.6 for the full decision, on
 * a machine with four times as much work as cores.
 */
const DECISION_NOISE = 1.25;
const DECISION_PROCESSES = 5;
/** Of another version of zlib. */
const SIZE_NOISE = 1.01;
/** A timer that fires late once may fire early the next time. */
const READS_NOISE = 2;

test("the gate tells what is behind by more than the noise, and what was not measured", () => {
  const row = { what: "a", recorded: 10, noise: 1.2 };
  expect(fallenBehind([{ ...row, measured: 12 }])).toEqual([]);
  expect(fallenBehind([{ ...row, measured: 12.1 }])).toEqual([
    "a: 12.10, recorded 10.00, at most 1.2 times that",
  ]);
  expect(fallenBehind([{ ...row, measured: Number.NaN }])).toHaveLength(1);
});

test("decisions cost no more bare loops than recorded", async () => {
  const { rows } = readResult<DecisionData>("decision").data;
  const recorded = (name: string): number =>
    rows.find((row) => row.name === name)?.timesBareLoop ?? Number.NaN;
  const { decide, fullDecision } = await leastDecisionCosts(DECISION_PROCESSES);
  const noise = DECISION_NOISE;
  expect(
    fallenBehind([
      { what: DECIDE, measured: decide, recorded: recorded(DECIDE), noise },
      { what: FULL, measured: fullDecision, recorded: recorded(FULL), noise },
    ]),
  ).toEqual([]);
});

test("one decision's import weighs no more than recorded", async () => {
  const [entry] = entries([]);
  if (entry === undefined) throw new Error("there is no import of our own");
  const { gzipped: measured } = await weigh(entry);
  const recorded = readResult<SizeData>("size").data.rows[0]?.gzipped ?? Number.NaN;
  expect(fallenBehind([{ what: "gzipped bytes", measured, recorded, noise: SIZE_NOISE }])).toEqual(
    [],
  );
});

test("a Node gateway reads its file no more often a second than recorded", async () => {
  const { configReads } = readResult<ScaleData>("scale").data;
  const file = configReads.find(({ platform }) => platform === "Node, file");
  const startedAt = performance.now();
  const { reads } = await readsOfFile(3);
  const measured = reads / ((performance.now() - startedAt) / 1000);
  const recorded = (file?.reads ?? Number.NaN) / (file?.seconds ?? Number.NaN);
  const what = "reads of the file a second";
  expect(fallenBehind([{ what, measured, recorded, noise: READS_NOISE }])).toEqual([]);
});

test("an isolate reads each key of KV once in each age of its values", async () => {
  const { requests, reads, most } = await readsOfIsolate(1000);
  expect(requests).toBeGreaterThan(most);
  // Values that are old are read again.
  expect(reads).toBeGreaterThanOrEqual(4);
  expect(reads).toBeLessThanOrEqual(most);
});

const viceroy = findViceroy();
if ("missing" in viceroy) console.log(`Skipped: reads of Fastly. ${viceroy.missing}`);
test.skipIf("missing" in viceroy)(
  "a request on Fastly reads no more keys than recorded",
  async () => {
    const { configReads } = readResult<ScaleData>("scale").data;
    const fastly = configReads.find(({ byTime }) => !byTime);
    const { requests, reads } = await readsOfFastly(20);
    expect(reads / requests).toBe((fastly?.reads ?? Number.NaN) / (fastly?.requests ?? Number.NaN));
  },
);
