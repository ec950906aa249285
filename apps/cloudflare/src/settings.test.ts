import { expect, test } from "vitest";
import { readMaxAge } from "./settings.ts";

test.each([
  [undefined, 5000],
  ["", 5000],
  [" ", 5000],
  ["soon", 5000],
  ["0", 0],
  ["-1", 0],
  ["1", 1],
  ["2500", 2500],
  ["600000", 600_000],
  ["600001", 600_000],
  ["Infinity", 600_000],
])("CONFIG_MAX_AGE_MS %j is %i", (text, ms) => {
  expect(readMaxAge(text)).toBe(ms);
});
