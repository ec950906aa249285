import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { EpochHistory } from "./epoch-history.ts";
import { createEpochHistory } from "./epoch-history.ts";

const AT_10 = "edf5d6bc";
const AT_0 = "2872f577";

let pct: string | Error;
let history: EpochHistory;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  pct = "10";
  history = createEpochHistory({
    get(key) {
      if (pct instanceof Error) throw pct;
      return key === "edgezero_enabled" ? "true" : pct;
    },
  });
});

afterEach(() => {
  history.close();
  vi.useRealTimers();
});

test("without a change there is nothing to tell", () => {
  vi.advanceTimersByTime(5000);
  expect(history.changeTo(AT_10)).toBeNull();
});

test("a change is seen by the probe that comes first after it", () => {
  pct = "0";
  expect(history.changeTo(AT_0)).toEqual({ from: AT_10, ago: 0 });
  vi.advanceTimersByTime(1000);
  expect(history.changeTo(AT_0)).toEqual({ from: AT_10, ago: 1000 });
});

test("a change is seen in a process that nobody asks, within a quarter of a second", () => {
  pct = "0";
  vi.advanceTimersByTime(3000);
  expect(history.changeTo(AT_0)).toEqual({ from: AT_10, ago: 2750 });
});

test("values that cannot be read for a while are no change", () => {
  pct = new Error("gone");
  vi.advanceTimersByTime(1000);
  expect(history.changeTo(AT_10)).toBeNull();
  pct = "10";
  expect(history.changeTo(AT_10)).toBeNull();
  pct = new Error("gone");
  vi.advanceTimersByTime(1000);
  pct = "0";
  expect(history.changeTo(AT_0)).toEqual({ from: AT_10, ago: 0 });
});

test("of an epoch that is not the last one nothing is told", () => {
  pct = "0";
  expect(history.changeTo(AT_10)).toBeNull();
});

test("a change of long ago is told in nine digits", () => {
  pct = "0";
  history.changeTo(AT_0);
  vi.setSystemTime(0);
  vi.advanceTimersByTime(250);
  const now = vi.spyOn(performance, "now").mockReturnValue(5e9);
  expect(history.changeTo(AT_0)?.ago).toBe(999_999_999);
  now.mockRestore();
});

test("a process that is closed looks no more", () => {
  history.close();
  expect(vi.getTimerCount()).toBe(0);
});
