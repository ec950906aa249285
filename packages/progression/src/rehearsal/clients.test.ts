import { describe, expect, test } from "vitest";
import { activeClients, drawBadMoments, drawPopulation, groupsAt, shareAt } from "./clients.ts";
import { seeded } from "./random.ts";

const COUNT = 5000;
const random = seeded(3);
const POPULATION = drawPopulation({ count: COUNT, tail: 1.5 }, random);

describe("clients that differ in how much they send", () => {
  test("send all that is sent, a few of them a good part of it", () => {
    const parts = [...POPULATION.parts].toSorted((a, b) => b - a);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(1, 9);
    const largest = parts.slice(0, COUNT / 100).reduce((sum, part) => sum + part, 0);
    expect(largest).toBeGreaterThan(0.1);
    expect(largest).toBeLessThan(0.6);
  });

  test("are on EdgeZero by their buckets: all at 100%, nobody at 0%", () => {
    expect(shareAt(POPULATION, 0)).toBe(0);
    expect(shareAt(POPULATION, 100)).toBeCloseTo(1, 9);
    const { canary, control } = groupsAt(POPULATION, 10);
    expect(canary.from).toBe(0);
    expect(control).toEqual({ from: canary.to, to: COUNT });
    expect(Math.abs(canary.to / COUNT - 0.1)).toBeLessThan(0.02);
  });

  test("stay where they are when the percentage rises", () => {
    for (let pct = 1; pct <= 100; pct += 1) {
      const before = groupsAt(POPULATION, pct - 1).canary.to;
      expect(groupsAt(POPULATION, pct).canary.to).toBeGreaterThanOrEqual(before);
    }
  });

  test("are not all active in a window, and no more of them than requests come", () => {
    const active = activeClients(POPULATION, random);
    expect(active(10, 0)).toEqual({ canary: 0, control: 0 });
    const { canary, control } = active(10, 1000);
    expect(canary + control).toBeLessThan(1000);
    expect(canary + control).toBeGreaterThan(300);
    expect(canary / (canary + control)).toBeGreaterThan(0.05);
  });

  test("fail with all that they send, and as often in the mean as was asked for", () => {
    const { canary } = groupsAt(POPULATION, 100);
    let [hits, failing] = [0, 0];
    for (let i = 0; i < 2000; i += 1) {
      const drawn = drawBadMoments(POPULATION, canary, 5000, 0.001, random);
      hits += drawn.hits;
      failing += drawn.failing;
    }
    // The largest clients fail seldom, and with much: the mean of so many windows is still rough.
    expect(hits / (2000 * 5000 * 0.001)).toBeGreaterThan(0.6);
    expect(hits / (2000 * 5000 * 0.001)).toBeLessThan(1.6);
    expect(failing).toBeLessThan(hits);
  });
});
