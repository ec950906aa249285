import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { naiveEpoch } from "../test/naive-reference.ts";
import type { Answer } from "../test/scripted-store.ts";
import { answers, cannotBeOpened, storeOf, storeThat, throws } from "../test/scripted-store.ts";
import { PROPERTY_TEST } from "../test/property-test.ts";
import { readRollout } from "./read-rollout.ts";

const broken = throws(new Error("broken"));
const epochOf = async (flag: Answer, pct: Answer) =>
  (await readRollout(storeThat(flag, pct))).epoch;

describe("the epoch of a state", () => {
  // Computed by another program: FNV-1a in Python.
  test.each([
    ["true", "10", "edf5d6bc"],
    ["true", "11", "eef5d84f"],
    ["TRUE", "10", "ab18067c"],
    ["true", " 10", "4d505e56"],
    ["1", "100", "2a1173b1"],
    ["1", "", "5eb07a2"],
    ["1", "é", "4aab4fee"],
    ["1", null, "7e300083"],
    ["0", "10", "9710c3d"],
    [null, "10", "b813f71e"],
    ["true", "83", "e4ab84"],
  ] as const)("of %j and %j is %s", async (flag, pct, epoch) => {
    expect((await readRollout(storeOf(flag, pct))).epoch).toBe(epoch);
  });

  test("of a value that cannot be read is not that of one that is absent, nor of any text", async () => {
    const [on, off] = [answers("1"), answers("0")];
    expect(await epochOf(broken, broken)).toBe(await epochOf(cannotBeOpened, broken));
    const epochs = [
      await epochOf(broken, broken),
      await epochOf(answers(null), broken),
      await epochOf(off, broken),
      await epochOf(on, broken),
      await epochOf(on, answers(null)),
      await epochOf(on, answers("")),
      await epochOf(on, answers("0")),
    ];
    expect(new Set(epochs).size).toBe(epochs.length);
  });

  test("does not depend on the percentage while disabled, which is not read then", async () => {
    expect(await epochOf(answers("0"), answers("10"))).toBe(
      await epochOf(answers("0"), answers("20")),
    );
  });

  test("is another for each percentage, and for each spelling that is on", async () => {
    const epochs = new Set<string>();
    for (let pct = 0; pct <= 100; pct++) {
      for (const flag of ["1", "true", "TRUE", " true"]) {
        epochs.add(await epochOf(answers(flag), answers(String(pct))));
        epochs.add(await epochOf(answers(flag), answers(` ${pct}`)));
      }
    }
    expect(epochs.size).toBe(101 * 4 * 2);
  });

  test(
    "is the hash of both values as they are stored, whatever they are",
    PROPERTY_TEST,
    async () => {
      const value = fc.oneof(fc.string({ unit: "binary" }), fc.constant(null));
      await fc.assert(
        fc.asyncProperty(value, async (pct) => {
          const epoch = await epochOf(answers("true"), answers(pct));
          expect(epoch).toBe(naiveEpoch("true", pct));
          expect(epoch).toMatch(/^[\da-f]{1,8}$/);
        }),
        { numRuns: 100 },
      );
    },
  );
});
