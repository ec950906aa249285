import { expect, test } from "vitest";
import { TestClock } from "../../test/test-clock.ts";
import { steadyTime } from "./steady-time.ts";

const HOUR = 3_600_000;

test("it follows the machine's clock", () => {
  const clock = new TestClock(1_000_000);
  const time = steadyTime(clock, 0);
  expect(time.now()).toBe(1_000_000);
  clock.pass(15_000);
  expect(time.now()).toBe(1_015_000);
  expect(time.leadMs()).toBe(0);
});

test("it goes on where the clock is set back, and follows once the clock is right again", () => {
  const clock = new TestClock(10 * HOUR);
  const time = steadyTime(clock, 0);
  time.now();
  clock.set(9 * HOUR);
  clock.pass(15_000);
  expect(time.now()).toBe(10 * HOUR + 15_000);
  expect(time.leadMs()).toBe(HOUR);
  clock.set(10 * HOUR + 60_000);
  expect(time.now()).toBe(10 * HOUR + 60_000);
  expect(time.leadMs()).toBe(0);
});

test("after a restart it goes on from the latest time that the rollout knows", () => {
  const clock = new TestClock(9 * HOUR);
  const time = steadyTime(clock, 10 * HOUR);
  clock.pass(1000);
  expect(time.now()).toBe(10 * HOUR + 1000);
});

test("small corrections neither run backwards nor add up", () => {
  const clock = new TestClock(10 * HOUR);
  const time = steadyTime(clock, 0);
  let last = time.now();
  for (let i = 0; i < 1000; i += 1) {
    clock.pass(100);
    clock.set(clock.wall() + (i % 2 === 0 ? 5 : -5));
    expect(time.now()).toBeGreaterThanOrEqual(last);
    last = time.now();
  }
  expect(Math.abs(last - clock.wall())).toBeLessThan(20);
});
