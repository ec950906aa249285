import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { messages, recordingLogger } from "@edgezero/testbed/recording-logger";
import {
  answers,
  answersLater,
  neverAnswers,
  rejects,
  storeOf,
  storeThat,
  throws,
} from "../test/scripted-store.ts";
import { decide } from "./decide.ts";
import { readRollout } from "./read-rollout.ts";
import { createRollout } from "./rollout.ts";

const broken = throws(new Error("broken"));
const IPS = ["1.2.3.4", "10.20.30.130", "::1", "::ffff:1.2.3.4", "", "unknown", null, undefined];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a rollout decides as decide does by what readRollout says", () => {
  test.each([
    ["0", "100"],
    [null, null],
    ["1", "0"],
    ["1", "1"],
    ["1", "50"],
    ["1", "86"],
    ["1", "99"],
    ["1", "100"],
    ["1", "x"],
    ["1", null],
  ])("at flag %s and percentage %s", async (flag, pct) => {
    const store = storeOf(flag, pct);
    const rollout = createRollout({ configStore: store });
    const state = await readRollout(store);
    expect(rollout.read()).toEqual(state);
    for (const ip of IPS) expect(rollout.decide(ip)).toStrictEqual(decide(state, ip));
  });

  test("for each of 100 buckets, again and again", async () => {
    const store = storeOf("1", "37");
    const rollout = createRollout({ configStore: store });
    const state = await readRollout(store);
    const ips = Array.from({ length: 2000 }, (_, i) => `198.18.${i >> 8}.${i & 255}`);
    const first = ips.map((ip) => rollout.decide(ip));
    expect(first).toStrictEqual(ips.map((ip) => decide(state, ip)));
    expect(new Set(first).size).toBe(100);
    for (const [i, ip] of ips.entries()) expect(rollout.decide(ip)).toBe(first[i]);
  });
});

describe("a store that answers at once", () => {
  test("is answered with a decision at once, frozen, and the same one for one bucket", () => {
    const { decide: ask } = createRollout({ configStore: storeOf("1", "50") });
    const decision = ask("1.2.3.4");
    expect(decision).toStrictEqual({
      path: "legacy",
      reason: "bucket",
      rolloutPct: 50,
      bucket: 85,
    });
    expect(Object.isFrozen(decision)).toBe(true);
    expect(ask("::ffff:1.2.3.4")).toBe(decision);
  });

  test("is read for each decision, so that a change applies to the next", () => {
    let [flag, pct] = ["1", "0"];
    const configStore = storeThat(
      () => flag,
      () => pct,
    );
    const rollout = createRollout({ configStore });
    expect(rollout.decide("1.2.3.4")).toMatchObject({ path: "legacy", reason: "rollback" });
    pct = "86";
    expect(rollout.decide("1.2.3.4")).toMatchObject({ path: "edgezero", reason: "bucket" });
    pct = "85";
    expect(rollout.decide("1.2.3.4")).toMatchObject({ path: "legacy", rolloutPct: 85 });
    pct = "100";
    expect(rollout.decide("1.2.3.4")).toMatchObject({ path: "edgezero", reason: "cutover" });
    flag = "0";
    expect(rollout.decide("1.2.3.4")).toMatchObject({ path: "legacy", reason: "disabled" });
    expect(configStore.reads).toHaveLength(9);
  });

  test("that breaks is answered with the last good state at once, for staleIfErrorMs", () => {
    let pct = answers("86");
    const configStore = storeThat(answers("1"), () => pct());
    const rollout = createRollout({ configStore, staleIfErrorMs: 1000 });
    void rollout.decide("1.2.3.4");
    pct = broken;
    const stale = { path: "edgezero", reason: "stale-bucket", rolloutPct: 86, bucket: 85 };
    expect(rollout.decide("1.2.3.4")).toStrictEqual(stale);
    expect(Object.isFrozen(rollout.read())).toBe(true);
    vi.advanceTimersByTime(1001);
    expect(rollout.decide("1.2.3.4")).toMatchObject({ path: "legacy", reason: "pct-unreadable" });
  });
});

describe("a store that answers with promises", () => {
  test.each([
    { name: "both keys", flag: answersLater("1"), pct: answersLater("86") },
    { name: "the switch", flag: answersLater("1"), pct: answers("86") },
    { name: "the percentage", flag: answers("1"), pct: answersLater("86") },
  ])("is waited for: $name", async ({ flag, pct }) => {
    const rollout = createRollout({ configStore: storeThat(flag, pct), staleIfErrorMs: 1000 });
    const deciding = rollout.decide("1.2.3.4");
    expect(deciding).toBeInstanceOf(Promise);
    expect(await deciding).toMatchObject({ path: "edgezero", reason: "bucket" });
  });

  test.each([
    { name: "rejects", flag: rejects(new Error("broken")), reason: "flag-unreadable" },
    { name: "never answers", flag: neverAnswers, reason: "flag-unreadable" },
  ])("sends clients to legacy where it $name", async ({ flag, reason }) => {
    const rollout = createRollout({ configStore: storeThat(flag, broken), readTimeoutMs: 40 });
    const deciding = rollout.decide("1.2.3.4");
    await vi.advanceTimersByTimeAsync(40);
    expect(await deciding).toMatchObject({ path: "legacy", reason });
  });
});

describe("two rollouts in one process", () => {
  test("do not disturb each other's memory", () => {
    const one = createRollout({ configStore: storeOf("1", "50") });
    const other = createRollout({ configStore: storeOf("1", "90") });
    const [state, decision] = [one.read(), one.decide("1.2.3.4")];
    const [otherState, otherDecision] = [other.read(), other.decide("1.2.3.4")];
    expect([decision, otherDecision]).toMatchObject([{ path: "legacy" }, { path: "edgezero" }]);
    for (let i = 0; i < 3; i++) {
      expect(one.read()).toBe(state);
      expect(other.read()).toBe(otherState);
      expect(one.decide("1.2.3.4")).toBe(decision);
      expect(other.decide("1.2.3.4")).toBe(otherDecision);
    }
  });

  test("with one store and other settings do not share a last good state", () => {
    let pct = answers("100");
    const configStore = storeThat(answers("1"), () => pct());
    const patient = createRollout({ configStore, staleIfErrorMs: 60_000 });
    const strict = createRollout({ configStore });
    void patient.read();
    void strict.read();
    pct = broken;
    expect(patient.decide(null)).toMatchObject({ reason: "stale-cutover" });
    expect(strict.decide(null)).toMatchObject({ reason: "pct-unreadable" });
  });
});

test("a fault reaches the logger, also between two reads of the same values", () => {
  let pct = answers("50");
  const logger = recordingLogger();
  const rollout = createRollout({ configStore: storeThat(answers("1"), () => pct()), logger });
  for (const [answer, reason] of [
    [answers("50"), "bucket"],
    [answers("x"), "pct-invalid"],
    [answers(null), "pct-absent"],
    [answers("50"), "bucket"],
  ] as const) {
    pct = answer;
    expect(rollout.decide("1.2.3.4")).toMatchObject({ reason });
  }
  expect(messages(logger, "warn")).toHaveLength(1);
  expect(messages(logger, "debug")).toHaveLength(1);
});
