import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clientBucketOf } from "../commands/bucket.ts";
import { blastRadius } from "./blast-radius.ts";
import { holdMs, nextStagePct, RUNBOOK_PLAN } from "./plan.ts";

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

describe("the plan", () => {
  test.each([
    [0, 1],
    [1, 10],
    [5, 10],
    [10, 50],
    [50, 100],
    [100, 100],
  ])("from %i one stage up is %i", (from, to) => {
    expect(nextStagePct(RUNBOOK_PLAN, from)).toBe(to);
  });

  test.each([
    ["30m", 1_800_000],
    ["2h", 7_200_000],
    ["1d", 86_400_000],
    ["30", null],
    ["m", null],
    ["1.5h", null],
    ["-1h", null],
  ])("a hold of %s is %s ms", (hold, ms) => {
    expect(holdMs(hold)).toBe(ms);
  });
});

test("a mapped address has the key and the bucket of the address that it carries", () => {
  const { key, hash, bucket } = clientBucketOf("::FFFF:1.2.3.4");
  expect({ key, hash, bucket }).toEqual({ key: "1.2.3.4", hash: 1950634085, bucket: 85 });
});

test("a client's hash and bucket agree, whatever the text", () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (text) => {
      const { hash, bucket, edgezeroFromPct } = clientBucketOf(text);
      expect(bucket).toBe(hash % 100);
      expect(edgezeroFromPct).toBe(bucket + 1);
    }),
  );
});
