import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { PROPERTY_TEST } from "../test/property-test.ts";
import { naiveEpoch, naiveFlag, naiveFnv1a32, naivePct } from "../test/naive-reference.ts";
import type { Answer } from "../test/scripted-store.ts";
import {
  answers,
  answersLater,
  neverAnswers,
  rejects,
  storeThat,
  throws,
} from "../test/scripted-store.ts";
import { unhandledRejectionsOf } from "../test/unhandled-rejections.ts";
import { decide } from "./decide.ts";
import { readRollout } from "./read-rollout.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const error = new Error("hostile");
type Then = (resolve: (value: unknown) => void, reject: (error: unknown) => void) => unknown;
// oxlint-disable-next-line unicorn/no-thenable -- what a store may answer with
const thenable = (then: Then): Answer => answers({ then });

/** A real promise with one thing about it changed. */
const promiseWith = (name: string, property: PropertyDescriptor): Answer =>
  answers(Object.defineProperty(Promise.resolve("true"), name, property));

const revoked = (() => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
})();

describe("a hostile answer", () => {
  test.each<{ what: string; flag: Answer; reason: unknown }>([
    { what: "its then throws", flag: thenable(throws(error)), reason: "flag-unreadable" },
    { what: "its then never answers", flag: thenable(() => {}), reason: "flag-unreadable" },
    { what: "its then answers", flag: thenable((resolve) => resolve("0")), reason: "disabled" },
    {
      what: "its then answers twice",
      flag: thenable((resolve) => [resolve("0"), resolve("1")]),
      reason: "disabled",
    },
    {
      what: "its then answers and rejects",
      flag: thenable((resolve, reject) => [resolve("0"), reject(error)]),
      reason: "disabled",
    },
    {
      what: "its then answers and throws",
      flag: thenable((resolve) => {
        resolve("0");
        throw error;
      }),
      reason: "disabled",
    },
    {
      what: "its then rejects and answers",
      flag: thenable((resolve, reject) => [reject(error), resolve("1")]),
      reason: "flag-unreadable",
    },
    {
      what: "its then cannot be read",
      flag: answers(new Proxy({}, { get: throws(error) })),
      reason: "flag-unreadable",
    },
    {
      what: "its then answers late",
      flag: thenable((resolve) => setTimeout(() => resolve("1"), 300)),
      reason: "flag-unreadable",
    },
    {
      what: "a promise whose then throws",
      flag: promiseWith("then", { value: throws(error) }),
      reason: "flag-unreadable",
    },
    {
      what: "a promise whose then cannot be read",
      flag: promiseWith("then", { get: throws(error) }),
      reason: "flag-unreadable",
    },
    {
      what: "a promise whose constructor cannot be read",
      flag: promiseWith("constructor", { get: throws(error) }),
      reason: expect.stringMatching(/^(flag|pct)-unreadable$/),
    },
    { what: "a revoked proxy", flag: answers(revoked), reason: "flag-unreadable" },
    { what: "a revoked proxy, thrown", flag: throws(revoked), reason: "flag-unreadable" },
    { what: "a revoked proxy, rejected", flag: rejects(revoked), reason: "flag-unreadable" },
    { what: "32 MB of spaces", flag: answers(" ".repeat(32_000_000)), reason: "disabled" },
  ])("gives a state all the same, once, and leaves no timer: $what", async ({ flag, reason }) => {
    let state: unknown;
    const unhandled = await unhandledRejectionsOf(async () => {
      const reading = readRollout(storeThat(flag, throws(error)));
      const settled = reading.catch((rejection: unknown) => ({ rejection }));
      await vi.advanceTimersByTimeAsync(1000);
      state = await settled;
    });
    expect(state).toMatchObject({ reason });
    expect(unhandled).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

const slowFlag: Answer = () => new Promise((resolve) => setTimeout(resolve, 249, "1"));
const lateRejection: Answer = () => new Promise((_, reject) => setTimeout(reject, 300, error));

describe("a read that takes too long", () => {
  test.each([
    { readTimeoutMs: undefined, limit: 250 },
    { readTimeoutMs: 40, limit: 40 },
    { readTimeoutMs: 5000, limit: 5000 },
  ])("is given up after $limit ms when readTimeoutMs is $readTimeoutMs", async (options) => {
    let state: unknown;
    void (async () =>
      (state = await readRollout(storeThat(neverAnswers, neverAnswers), options)))();
    await vi.advanceTimersByTimeAsync(options.limit - 1);
    expect(state).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(state).toEqual({
      enabled: false,
      rolloutPct: 0,
      reason: "flag-unreadable",
      epoch: naiveEpoch(undefined),
    });
  });

  test("has the time once more for the percentage, and no more", async () => {
    let state: unknown;
    void (async () => (state = await readRollout(storeThat(slowFlag, neverAnswers))))();
    await vi.advanceTimersByTimeAsync(249 + 249);
    expect(state).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(state).toEqual({
      enabled: true,
      rolloutPct: 0,
      reason: "pct-unreadable",
      epoch: naiveEpoch("1"),
    });
  });

  test.each([
    { what: "text", flag: answersLater("1"), pct: answersLater("50") },
    { what: "a rejection", flag: answersLater("1"), pct: rejects(error) },
    { what: "neither text nor null", flag: answers(5), pct: answersLater("50") },
    { what: "a hostile thenable", flag: thenable(throws(error)), pct: answersLater("50") },
  ])("is not waited for once there is an answer: $what", async ({ flag, pct }) => {
    await readRollout(storeThat(flag, pct));
    expect(vi.getTimerCount()).toBe(0);
  });

  test("may reject later, and nobody is troubled by it", async () => {
    const unhandled = await unhandledRejectionsOf(async () => {
      const reading = readRollout(storeThat(lateRejection, neverAnswers));
      await vi.advanceTimersByTimeAsync(1000);
      expect(await reading).toMatchObject({ reason: "flag-unreadable" });
    });
    expect(unhandled).toEqual([]);
  });
});

test(
  "EdgeZero is chosen exactly where flag and percentage are explicitly valid, whatever the store does",
  PROPERTY_TEST,
  async () => {
    const value = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom("true", "1", " TRUE ", "\u0085true", "\ufefftrue", "0", null),
      },
      { weight: 3, arbitrary: fc.nat(110).map((pct) => ` ${pct}`) },
      { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
      {
        weight: 1,
        arbitrary: fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }),
      },
    );
    const behaviour = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          does: fc.constantFrom(answers),
          value,
          readable: fc.constant(true),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          does: fc.constantFrom(answersLater),
          value,
          readable: fc.constant(true),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          does: fc.constantFrom(throws, rejects, () => neverAnswers),
          value,
          readable: fc.constant(false),
        }),
      },
    );
    let edgezero = 0;
    await fc.assert(
      fc.asyncProperty(behaviour, behaviour, fc.ipV4(), async (flag, pct, clientIp) => {
        const reading = readRollout(storeThat(flag.does(flag.value), pct.does(pct.value)));
        await vi.advanceTimersByTimeAsync(500);
        const { path } = decide(await reading, clientIp);
        const on = flag.readable && typeof flag.value === "string" && naiveFlag(flag.value);
        const share = pct.readable && typeof pct.value === "string" ? naivePct(pct.value) : null;
        const expected = on && naiveFnv1a32(clientIp) % 100 < (share ?? 0) ? "edgezero" : "legacy";
        expect(path).toBe(expected);
        expect(vi.getTimerCount()).toBe(0);
        if (path === "edgezero") edgezero++;
      }),
      { numRuns: 3000 },
    );
    expect(edgezero).toBeGreaterThan(50);
  },
);
