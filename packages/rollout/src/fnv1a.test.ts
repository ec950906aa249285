import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { naiveFnv1a32 } from "../test/naive-reference.ts";
import { PROPERTY_TEST } from "../test/property-test.ts";
import reference from "../vectors/reference.json" with { type: "json" };
import { fnv1a32, fnv1aBucket, routesToEdgezero } from "./fnv1a.ts";

describe("fnv1a32 and fnv1aBucket", () => {
  test.each(reference.bucket)("$key hashes to $fnv1a32, bucket $bucket", (vector) => {
    expect(fnv1a32(vector.key)).toBe(vector.fnv1a32);
    expect(fnv1aBucket(vector.key)).toBe(vector.bucket);
  });

  test.each([
    { key: "1.2.3.4", bucket: 85 },
    { key: "", bucket: 61 },
  ])("the bucket of '$key' is pinned to $bucket", ({ key, bucket }) => {
    expect(fnv1aBucket(key)).toBe(bucket);
  });

  test.each(["\ud800", "\udfff", "a\ud800b", "\udc00\ud800", "\ud83d", "🙂\ud83d", "\ud800\ud800"])(
    "a lone surrogate counts as U+FFFD: %j",
    (key) => {
      expect(fnv1a32(key)).toBe(fnv1a32(key.toWellFormed()));
      expect(fnv1a32(key)).toBe(naiveFnv1a32(key));
    },
  );

  test("a character beyond ASCII counts in UTF-8, wherever it stands", () => {
    const keys = ["é", "aé", "éa", "aéa", "\x7f", "\x80", "\u07ff\u0800", "\uffff", "\u{10ffff}"];
    expect(keys.map(fnv1a32)).toEqual(keys.map(naiveFnv1a32));
  });

  test(
    "any text, lone surrogates included, hashes as the plain algorithm says",
    PROPERTY_TEST,
    () => {
      const anyUtf16 = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 });
      const key = fc.oneof(
        fc.string({ unit: "binary" }),
        fc.string({ unit: "binary-ascii" }),
        anyUtf16.map((units) => String.fromCharCode(...units)),
      );
      fc.assert(
        fc.property(key, (text) => {
          const hash = naiveFnv1a32(text);
          expect(fnv1a32(text)).toBe(hash);
          expect(fnv1aBucket(text)).toBe(hash % 100);
        }),
        { numRuns: 2000 },
      );
    },
  );
});

describe("routesToEdgezero", () => {
  test.each([
    { bucket: 0, pct: 0, expected: false },
    { bucket: 99, pct: 0, expected: false },
    { bucket: 0, pct: 1, expected: true },
    { bucket: 1, pct: 1, expected: false },
    { bucket: 49, pct: 50, expected: true },
    { bucket: 50, pct: 50, expected: false },
    { bucket: 98, pct: 99, expected: true },
    { bucket: 99, pct: 99, expected: false },
    { bucket: 0, pct: 100, expected: true },
    { bucket: 99, pct: 100, expected: true },
  ])("bucket $bucket at $pct %: $expected", ({ bucket, pct, expected }) => {
    expect(routesToEdgezero(bucket, pct)).toBe(expected);
  });

  test("exactly as many buckets as the percentage says go to EdgeZero", () => {
    const buckets = Array.from({ length: 100 }, (_, bucket) => bucket);
    for (let pct = 0; pct <= 100; pct++) {
      expect(buckets.filter((bucket) => routesToEdgezero(bucket, pct))).toHaveLength(pct);
    }
  });
});
