import { expect, test } from "vitest";
import { createFailedTokens } from "./failed-tokens.ts";

function times(count: number, action: () => number | null): (number | null)[] {
  return Array.from({ length: count }, action);
}

test("each address has ten wrong tokens a minute", () => {
  let now = 1000;
  const failed = createFailedTokens(() => now);
  expect(times(10, () => failed.count("a"))).toEqual(Array(10).fill(null));
  now += 20_000;
  expect(failed.count("a")).toBe(40_000);
  expect(failed.count("b")).toBeNull();
  now += 40_000;
  expect(failed.count("a")).toBeNull();
});

test("a clock that is set back holds nobody up", () => {
  let now = 1_000_000;
  const failed = createFailedTokens(() => now);
  times(11, () => failed.count("a"));
  now = 0;
  expect(failed.count("a")).toBeNull();
});

test("more addresses than can be told apart share a count", () => {
  const failed = createFailedTokens(() => 0);
  for (let i = 0; i < 10_000; i += 1) failed.count(`address-${i}`);
  expect(times(11, () => failed.count(`late-${Math.random()}`)).at(-1)).toBe(60_000);
  expect(failed.count("address-1")).toBeNull();
});
