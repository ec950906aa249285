import { describe, expect, test } from "vitest";
import { probeBucket } from "./buckets.ts";
import { pauseMs } from "./pace.ts";

/** The times of the probes in `length` milliseconds, where each pause is kept to. */
function timesOf(writtenAt: number | null, length: number): number[] {
  const times: number[] = [];
  for (let now = 0; now < length;) {
    const known = writtenAt !== null && now >= writtenAt ? writtenAt : null;
    const pause = pauseMs(times, known, now);
    if (pause === 0) times.push(now);
    now += Math.min(Math.max(pause, 0), 5);
  }
  return times;
}

describe("the pace of probes", () => {
  test.each([null, 0, 10, 300, 1500])("is at most 20 in a second (write at %s)", (writtenAt) => {
    const times = timesOf(writtenAt, 5000);
    for (const [i, at] of times.entries()) {
      expect(at - (times[i - 20] ?? -1000)).toBeGreaterThanOrEqual(1000);
    }
    expect(times.length).toBeGreaterThan(40);
  });

  test("is closest right after the write", () => {
    const times = timesOf(10, 2000);
    expect(times.filter((at) => at > 10 && at < 160).length).toBeGreaterThanOrEqual(8);
    const gaps = times.map((at, i) => at - (times[i - 1] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(150);
  });
});

test("the buckets of probes are spread, also those of each second to sixth one", () => {
  for (let step = 1; step <= 6; step++) {
    const own = Array.from({ length: 12 }, (_, i) => probeBucket(i * step));
    for (const from of [0, 34, 67]) {
      expect(own.some((bucket) => bucket >= from && bucket < from + 33)).toBe(true);
    }
  }
  expect(probeBucket(0)).toBe(0);
});
