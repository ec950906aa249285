import { describe, expect, test } from "vitest";
import type { DecisionEvent, Outcome } from "./decision-event.ts";
import { sampleEvents } from "./sample.ts";

const EVENTS = 100_000;
const eventWith = (outcome: Outcome, weight = 1) => ({ outcome, weight }) as DecisionEvent;

/** Numbers from 0 to 1, the same ones in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The events that pass, of as many as there are outcomes. */
function sampled(rate: number, outcomes: readonly Outcome[], random = seeded(1)): DecisionEvent[] {
  const passed: DecisionEvent[] = [];
  const sink = sampleEvents((event) => void passed.push(event), rate, random);
  for (const outcome of outcomes) void sink(eventWith(outcome));
  return passed;
}

const totalWeight = (events: readonly DecisionEvent[]): number =>
  events.reduce((sum, { weight }) => sum + weight, 0);

const mixed: readonly Outcome[] = Array.from({ length: EVENTS }, (_, i) =>
  i % 50 === 0 ? "error" : i % 1000 === 1 ? "timeout" : i % 2000 === 3 ? "aborted" : "ok",
);
const OK = mixed.filter((outcome) => outcome === "ok").length;

describe.each([0.5, 0.1, 0.01, 1 / 3])("at the rate %d", (rate) => {
  const passed = sampled(rate, mixed);
  const ok = passed.filter(({ outcome }) => outcome === "ok");

  test("that share of what went well passes, with one over the rate as its weight", () => {
    const deviation = Math.sqrt(OK * rate * (1 - rate));
    expect(Math.abs(ok.length - OK * rate)).toBeLessThan(5 * deviation);
    expect(new Set(ok.map(({ weight }) => weight))).toEqual(new Set([1 / rate]));
  });

  test("the weights add up to the number of requests, give or take chance", () => {
    const deviation = Math.sqrt((OK * (1 - rate)) / rate);
    expect(Math.abs(totalWeight(passed) - EVENTS)).toBeLessThan(5 * deviation);
  });

  test("all that did not go well passes, with weight 1, in its place", () => {
    const rest = passed.filter(({ outcome }) => outcome !== "ok");
    expect(rest.map(({ outcome }) => outcome)).toEqual(mixed.filter((outcome) => outcome !== "ok"));
    expect(new Set(rest.map(({ weight }) => weight))).toEqual(new Set([1]));
  });
});

test("the estimate has no bias over many runs", () => {
  const outcomes = Array.from({ length: 100 }, () => "ok" as const);
  const random = seeded(7);
  const runs = 2000;
  let sum = 0;
  for (let i = 0; i < runs; i++) sum += totalWeight(sampled(0.1, outcomes, random));
  const deviation = Math.sqrt((100 * 0.9) / 0.1 / runs);
  expect(Math.abs(sum / runs - 100)).toBeLessThan(5 * deviation);
});

test("at the rate 1 every event passes with weight 1, and at 0 only what did not go well", () => {
  expect(sampled(1, mixed)).toHaveLength(EVENTS);
  expect(totalWeight(sampled(1, mixed))).toBe(EVENTS);
  expect(sampled(0, mixed, () => 0).map(({ outcome }) => outcome)).not.toContain("ok");
  expect(sampled(0, mixed, () => 0)).toHaveLength(EVENTS - OK);
});

test("a sample of a sample stands for the product", () => {
  const passed: DecisionEvent[] = [];
  const inner = sampleEvents(
    (event) => void passed.push(event),
    0.5,
    () => 0,
  );
  void sampleEvents(inner, 0.25, () => 0)(eventWith("ok"));
  expect(passed).toEqual([{ outcome: "ok", weight: 8 }]);
});

test("other sinks see the event as it was", () => {
  const event = Object.freeze(eventWith("ok"));
  const passed: DecisionEvent[] = [];
  void sampleEvents(
    (given) => void passed.push(given),
    0.5,
    () => 0,
  )(event);
  expect([event.weight, passed[0]?.weight]).toEqual([1, 2]);
});

test("what the sink answers is passed on, so that its failure is a dropped event", async () => {
  const error = new Error("sink");
  const fails = async (): Promise<void> => {
    throw error;
  };
  await expect(sampleEvents(fails, 1)(eventWith("ok"))).rejects.toBe(error);
  await expect(sampleEvents(fails, 0)(eventWith("error"))).rejects.toBe(error);
});

test.each([-0.01, 1.01, NaN, Infinity, -Infinity, 100])("the rate %d is refused", (rate) => {
  expect(() => sampleEvents(() => {}, rate)).toThrow(
    new RangeError(`the sample rate is ${rate}, not 0 to 1`),
  );
});
