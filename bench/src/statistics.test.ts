import { expect, test } from "vitest";
import { growthExponent, median, medianRatio, slope } from "./statistics.ts";

test("the median of an even sample lies between the middle two", () => {
  expect(median([9, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test("ratios are taken round by round, so that a drift of the machine cancels out", () => {
  expect(medianRatio([2, 20, 200], [1, 10, 100])).toBe(2);
});

test("the slope of a straight line is exact", () => {
  expect(
    slope([
      [1, 5],
      [2, 7],
      [4, 11],
    ]),
  ).toBeCloseTo(2, 12);
});

test.each([
  ["nothing", 0, () => 3],
  ["proportion", 1, (x: number) => 3 * x],
  ["the square", 2, (x: number) => x ** 2],
])("growth in %s has its exponent", (_, exponent, f) => {
  const points = [1, 10, 1000].map((x) => [x, f(x)] as const);
  expect(growthExponent(points)).toBeCloseTo(exponent, 12);
});
