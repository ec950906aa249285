import { describe, expect, test } from "vitest";
import { addHash, countDistinct, createBitmap, MOST_COUNTED } from "./linear-counting.ts";
import { createSaltedHash } from "./salted-hash.ts";

const BITS = 65_536;
const RUNS = 20;

/** The standard error of linear counting, in hashes. */
function standardError(n: number): number {
  const t = n / BITS;
  return Math.sqrt(BITS * (Math.exp(t) - t - 1));
}

/** Estimates of `n` addresses, each under a salt of its own. */
function estimates(n: number, addressOf: (i: number) => string): number[] {
  const addresses = Array.from({ length: n }, (_, i) => addressOf(i));
  return Array.from({ length: RUNS }, () => {
    const hash = createSaltedHash();
    const bitmap = createBitmap();
    for (const address of addresses) addHash(bitmap, hash(address));
    return countDistinct([bitmap]);
  });
}

const ADDRESSES: Readonly<Record<string, (i: number) => string>> = {
  "in a row": (i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`,
  "that differ in their first part": (i) => `${i & 255}.${(i >> 8) & 255}.${i >> 16}.1`,
  "of IPv6 networks": (i) => `2001:db8:${i.toString(16)}::1`,
};

describe.each(Object.entries(ADDRESSES))("addresses %s", (_, addressOf) => {
  test.each([1, 2, 20, 1000, 30_000, 100_000, 300_000])(
    "%i of them are counted within the error that is said",
    (n) => {
      const errors = estimates(n, addressOf).map((estimate) => estimate - n);
      const rms = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / RUNS);
      // Of 20 runs, the mean square is above 3.2 times the variance in one of 100,000 cases at most;
      // two more are for the rounding and the few collisions of small numbers.
      expect(rms).toBeLessThan(1.8 * standardError(n) + 2);
      expect(Math.max(...errors.map(Math.abs))).toBeLessThan(5 * standardError(n) + 2);
    },
  );
});

test.each([
  { n: 100_000, most: 0.004 },
  { n: 300_000, most: 0.009 },
  { n: 500_000, most: 0.024 },
])("the standard error of $n is below $most", ({ n, most }) => {
  expect(standardError(n) / n).toBeLessThan(most);
});

test("up to 20 are exact in more than 99.7 % of cases, else one too low", () => {
  const seen = new Map<number, number>();
  for (let run = 0; run < 5000; run++) {
    const hash = createSaltedHash();
    const bitmap = createBitmap();
    for (let i = 0; i < 20; i++) addHash(bitmap, hash(`203.0.113.${i}`));
    const counted = countDistinct([bitmap]);
    seen.set(counted, (seen.get(counted) ?? 0) + 1);
  }
  expect([...seen.keys()].every((counted) => [18, 19, 20].includes(counted))).toBe(true);
  // 5000 x 0.3 % are 15 that are not; more than 35 are five standard deviations off.
  expect(seen.get(20)).toBeGreaterThan(5000 - 35);
});

test("a hash that is added again changes nothing, in one bitmap or in several", () => {
  const bitmaps = [createBitmap(), createBitmap(), createBitmap()];
  for (let time = 0; time < 10; time++) {
    for (const bitmap of bitmaps) {
      for (const hash of [0, 1, 31, 32, 65_535, 0xfffe_0007]) addHash(bitmap, hash);
    }
  }
  expect(countDistinct(bitmaps)).toBe(6);
  expect(countDistinct([])).toBe(0);
});

test("a bitmap that is full gives the largest estimate, and no infinity", () => {
  const full = createBitmap().fill(0xffff_ffff);
  expect(countDistinct([full])).toBe(MOST_COUNTED);
  expect(MOST_COUNTED).toBe(726_817);
});
