import { describe, expect, test } from "vitest";
import { AT_A_TIME, keepInMemory, killEverywhere, NAMES } from "./kill-everywhere.ts";
import { FILES } from "./places.ts";

const LIMIT_MS = 480_000;

keepInMemory();

/** With store and trail in Redis: `test/long`. */
describe("killed before and after each lease, lock, write, mark, entry and state", () => {
  const places = Array.from({ length: AT_A_TIME }, () => FILES);
  test.each(NAMES)(
    "of the course `%s`, it goes on and doubles nothing",
    async (name) => {
      expect(await killEverywhere(name, places)).toBeGreaterThan(20);
    },
    LIMIT_MS,
  );
});
