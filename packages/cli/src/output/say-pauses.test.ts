import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sayPauses } from "./say-pauses.ts";

let said: string[];
const plain = (text: string): string => text;
const paint = { good: plain, bad: plain, loud: plain, warn: plain, faint: plain, strong: plain };
const onPause = sayPauses({ say: (text) => void said.push(text), errorPaint: paint });

beforeEach(() => {
  said = [];
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("pauses that end within the first second are silent", async () => {
  onPause({ fault: "Fastly answered 503", waitMs: 400, elapsedMs: 500 });
  await vi.advanceTimersByTimeAsync(5000);
  expect(said).toEqual([]);
});

test("a long pause is told after a second, with the rest of it", async () => {
  onPause({ fault: "Fastly answered 429", waitMs: 5000, elapsedMs: 200 });
  await vi.advanceTimersByTimeAsync(799);
  expect(said).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(said).toEqual(["not yet: Fastly answered 429; again in 4 s"]);
});

test("a pause after the first second is told at once", () => {
  onPause({ fault: "Fastly answered 503", waitMs: 800, elapsedMs: 1500 });
  expect(said).toEqual(["not yet: Fastly answered 503; again in 800 ms"]);
});
