import { expect, test } from "vitest";
import type { PathCounts } from "../reducer/index.ts";
import type { Fault } from "./fault.ts";
import { recentMinute } from "./recent-minute.ts";

const QUARTER = 15_000;
const LONE: Fault = { kind: "one-client", part: 1, atMs: 0, forMs: null };

function drawn(failing: number): PathCounts {
  return { requests: 50, clients: { all: 6, failing }, signals: {} };
}

test("failing clients are those of a minute, at most all, and of one percentage", () => {
  const recent = recentMinute();
  const failing = [1, 1, 1, 1, 0, 9].map(
    (count, i) => recent(1, i * QUARTER, 100).count("canary", drawn(count), []).clients?.failing,
  );
  expect(failing).toEqual([1, 2, 3, 4, 3, 6]);
  expect(recent(10, 6 * QUARTER, 100).sent).toBe(100);
});

test("one client that fails in each window is one client in their minute", () => {
  const recent = recentMinute();
  const failing = [0, 1, 2, 3].map(
    (i) => recent(1, i * QUARTER, 100).count("canary", drawn(0), [LONE]).clients?.failing,
  );
  expect(failing).toEqual([1, 1, 1, 1]);
});
