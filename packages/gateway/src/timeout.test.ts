import { expect, test } from "vitest";
import { parseTimeoutMs } from "./timeout.ts";

test.each([
  [undefined, 30_000],
  [null, 30_000],
  ["", 30_000],
  ["soon", 30_000],
  ["0", 30_000],
  ["-5", 30_000],
  ["2147483648", 30_000],
  ["Infinity", 30_000],
  ["1", 1],
  ["2147483647", 2_147_483_647],
])("%j is %i", (text, ms) => {
  expect(parseTimeoutMs(text)).toBe(ms);
});
