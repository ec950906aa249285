import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blastRadius } from "./blast-radius.ts";

describe("blastRadius", () => {
  test.each([
    [10, 50, "10% → 50%: about 4 in 10 clients move to EdgeZero; nobody moves back"],
    [1, 10, "1% → 10%: about 9 in 100 clients move to EdgeZero; nobody moves back"],
    [0, 100, "0% → 100%: every client moves to EdgeZero; nobody moves back"],
    [50, 10, "50% → 10%: about 4 in 10 clients move back to legacy; nobody moves to EdgeZero"],
    [100, 0, "100% → 0%: every client moves back to legacy; nobody moves to EdgeZero"],
    [7, 7, "7% → 7%: nobody moves"],
  ])("%i to %i", (from, to, text) => {
    expect(blastRadius(from, to)).toBe(text);
  });

  test("counts the buckets that change path, and none changes the other way", () => {
    const pct = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(pct, pct, (from, to) => {
        const buckets = Array.from({ length: 100 }, (_, bucket) => bucket);
        const moved = buckets.filter((bucket) => bucket < from !== bucket < to);
        const [, count, of] = /about (\d+) in (\d+)/.exec(blastRadius(from, to)) ?? [];
        const said = count === undefined ? moved.length : (100 * Number(count)) / Number(of);
        expect(said).toBe(moved.length);
        expect(moved.every((bucket) => bucket < to === to > from)).toBe(true);
      }),
    );
  });
});
