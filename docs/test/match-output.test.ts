import { expect, test } from "vitest";
import { matchesOutput } from "./match-output.ts";

test.each([
  ["a\nb", "a\nb\n", true],
  ["a\nb", "a\nc\n", false],
  ["a", "a\nb\n", false],
  ["…\nb", "a\nx\nb\n", true],
  ["…\nb", "b\n", true],
  ["a …s", "a 12s\n", true],
  ["a …s", "a\n12s\n", false],
  ["a.c", "abc\n", false],
  ["a\n…", "a\n", true],
])("%j shows %j: %s", (shown, output, isShown) => {
  expect(matchesOutput(shown, output) === null).toBe(isShown);
});
