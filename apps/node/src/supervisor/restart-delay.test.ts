import { expect, test } from "vitest";
import { restartDelayMs } from "./restart-delay.ts";

test("a worker that was steady is replaced at once; a row of early ends waits ever longer", () => {
  const delays = Array.from({ length: 10 }, (_, ends) => restartDelayMs(ends));
  expect(delays).toEqual([0, 250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  expect(restartDelayMs(100_000)).toBe(30_000);
});
