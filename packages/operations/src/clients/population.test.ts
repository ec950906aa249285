import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { addressLines } from "./address-lines.ts";
import { populationOf, shareLines, shareOf } from "./population.ts";

test("a list is counted by line, by address and by bucket", async () => {
  const list = Readable.from(["1.2.3.4\n1.2.3.4 # again\n\nno", " address\r\n::1"]);
  const { lines, invalid, distinct, buckets } = await populationOf(addressLines(list), () => {});
  expect({ lines, invalid, distinct }).toEqual({ lines: 4, invalid: 1, distinct: 3 });
  expect(buckets).toHaveLength(100);
  expect(buckets[85]).toBe(2);
  expect(buckets.reduce((sum, each) => sum + each, 0)).toBe(4);
});

test("each ten thousand lines are told", async () => {
  const told: number[] = [];
  const list = Readable.from(Array.from({ length: 20_001 }, () => "1.2.3.4\n"));
  await populationOf(addressLines(list), (lines) => told.push(lines));
  expect(told).toEqual([10_000, 20_000]);
});

test("a list with a line that is no address line cannot be read", async () => {
  const list = Readable.from(["1".repeat(10_001)]);
  await expect(populationOf(addressLines(list), () => {})).rejects.toThrow("no list of addresses");
});

test("the share of a list counts lines, so one address may be most of it", async () => {
  const list = Readable.from(["1.2.3.4\n1.2.3.4\n1.2.3.4\nno address\n"]);
  const population = await populationOf(addressLines(list), () => {});
  const none = shareOf(population, 0);
  expect(none).toEqual({ pct: 0, edgezero: 0, sharePct: 0 });
  expect(shareOf(population, 100)).toEqual({ pct: 100, edgezero: 4, sharePct: 100 });
  expect(shareLines(population, none)).toEqual([
    "4 addresses, 2 of them distinct, 1 not addresses",
    "at 0%: 0 go to EdgeZero, which is 0.00% of them",
  ]);
});
