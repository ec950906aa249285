import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { naiveEpoch } from "../test/naive-reference.ts";
import type { Answer } from "../test/scripted-store.ts";
import {
  answers,
  cannotBeOpened,
  neverAnswers,
  rejects,
  storeThat,
  throws,
} from "../test/scripted-store.ts";
import { readRollout } from "./read-rollout.ts";
import type { RolloutReason } from "./reasons.ts";
import type { RolloutState } from "./rollout-state.ts";
import { withStaleIfError } from "./stale-if-error.ts";

const stateOf = (rolloutPct: number, reason: RolloutReason, epoch: string): RolloutState => ({
  enabled: reason !== "flag-unreadable",
  rolloutPct,
  reason,
  epoch,
});
const bucket = stateOf(50, "bucket", naiveEpoch("1", "50"));
const rollback = stateOf(0, "rollback", naiveEpoch("1", "0"));
const failed = stateOf(0, "flag-unreadable", naiveEpoch(undefined));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Reads whatever the two keys do now. */
function readerOf(now: { flag: Answer; pct: Answer }, staleIfErrorMs: number) {
  const store = storeThat(
    () => now.flag(),
    () => now.pct(),
  );
  const read = withStaleIfError(() => readRollout(store), staleIfErrorMs);
  return async () => {
    const reading = read();
    if ([now.flag, now.pct].includes(neverAnswers)) await vi.advanceTimersByTimeAsync(250);
    return reading;
  };
}

describe("a read that fails", () => {
  const failures = [
    { what: "the store cannot be opened", flag: cannotBeOpened, reason: "store-unavailable" },
    { what: "the flag throws", flag: throws(new Error("broken")), reason: "flag-unreadable" },
    { what: "the flag rejects", flag: rejects(new Error("broken")), reason: "flag-unreadable" },
    { what: "the flag times out", flag: neverAnswers, reason: "flag-unreadable" },
    { what: "the percentage throws", pct: throws(new Error("broken")), reason: "pct-unreadable" },
    { what: "the percentage times out", pct: neverAnswers, reason: "pct-unreadable" },
  ];

  test.each(failures)("is no stale answer by default: $what", async ({ reason, ...to }) => {
    const now = { flag: answers("1"), pct: answers("100") };
    const read = readerOf(now, 0);
    await read();
    Object.assign(now, to);
    expect(await read()).toMatchObject({ reason, rolloutPct: 0 });
  });

  test.each(failures)("is answered with the last good state: $what", async ({ reason, ...to }) => {
    const now = { flag: answers("1"), pct: answers("50") };
    const read = readerOf(now, 60_000);
    expect(await read()).toEqual(bucket);
    Object.assign(now, to);
    expect(await read()).toEqual({ ...bucket, reason: "stale-bucket" });
    await vi.advanceTimersByTimeAsync(60_001);
    expect(await read()).toMatchObject({ reason, rolloutPct: 0 });
  });

  test("is legacy where nothing good was ever read", async () => {
    const read = withStaleIfError(async () => failed, 60_000);
    expect([await read(), await read()]).toEqual([failed, failed]);
  });
});

test.each([
  { flag: "1", pct: "7", enabled: true, rolloutPct: 7, reason: "stale-bucket" },
  { flag: "1", pct: "0", enabled: true, rolloutPct: 0, reason: "stale-rollback" },
  { flag: "1", pct: "100", enabled: true, rolloutPct: 100, reason: "stale-cutover" },
  { flag: "0", pct: "100", enabled: false, rolloutPct: 0, reason: "stale-disabled" },
  { flag: null, pct: "100", enabled: false, rolloutPct: 0, reason: "stale-disabled" },
])("what was flag $flag and percentage $pct is $reason", async ({ flag, pct, ...good }) => {
  const now = { flag: answers(flag), pct: answers(pct) };
  const read = readerOf(now, 1000);
  await read();
  now.flag = throws(new Error("broken"));
  const epoch = naiveEpoch(flag, flag === "1" ? pct : undefined);
  expect(await read()).toEqual({ ...good, epoch });
});

test("a good state stands for exactly staleIfErrorMs, counted from the start of its read", async () => {
  let delay = 400;
  let state = bucket;
  const read = withStaleIfError(async () => {
    await new Promise((resolve) => setTimeout(resolve, delay));
    return state;
  }, 1000);
  const first = read();
  await vi.advanceTimersByTimeAsync(400);
  await first;
  [delay, state] = [0, failed];
  const readAt = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms - performance.now());
    const reading = read();
    await vi.advanceTimersByTimeAsync(0);
    return (await reading).reason;
  };
  const start = performance.now() - 400;
  expect(await readAt(start + 1000)).toBe("stale-bucket");
  expect(await readAt(start + 1001)).toBe("flag-unreadable");
});

test("a stale answer does not prolong what it answers with", async () => {
  const states = [bucket, failed, failed, failed];
  const read = withStaleIfError(async () => states.shift() ?? failed, 1000);
  const reasons: string[] = [];
  for (let i = 0; i < 4; i++) {
    reasons.push((await read()).reason);
    vi.advanceTimersByTime(400);
  }
  expect(reasons).toEqual(["bucket", "stale-bucket", "stale-bucket", "flag-unreadable"]);
});

test.each([
  { what: "absent", pct: null, reason: "pct-absent" },
  { what: "invalid", pct: "50%", reason: "pct-invalid" },
  { what: "out of range", pct: "101", reason: "pct-invalid" },
])(
  "a percentage that is $what is answered as such, and clears what was remembered",
  async (row) => {
    const now = { flag: answers("1"), pct: answers("50") };
    const read = readerOf(now, 60_000);
    await read();
    now.pct = answers(row.pct);
    const none = { enabled: true, rolloutPct: 0 };
    const epoch = naiveEpoch("1", row.pct);
    expect(await read()).toEqual({ ...none, reason: row.reason, epoch });
    now.pct = throws(new Error("broken"));
    const unread = naiveEpoch("1", undefined);
    expect(await read()).toEqual({ ...none, reason: "pct-unreadable", epoch: unread });
  },
);

describe("a slow read that ends after a later one", () => {
  const absent = stateOf(0, "pct-absent", naiveEpoch("1", null));

  test.each([
    { newer: rollback, after: "stale-rollback", apart: 10 },
    { newer: absent, after: "flag-unreadable", apart: 10 },
    { newer: rollback, after: "stale-rollback", apart: 0 },
    { newer: absent, after: "flag-unreadable", apart: 0 },
  ])("does not undo its $newer.reason, begun $apart ms after", async ({ newer, after, apart }) => {
    const ends: ((state: RolloutState) => void)[] = [];
    const read = withStaleIfError(() => new Promise((resolve) => ends.push(resolve)), 60_000);
    const slow = read();
    vi.advanceTimersByTime(apart);
    const fast = read();
    ends[1]?.(newer);
    expect(await fast).toEqual(newer);
    ends[0]?.(bucket);
    expect(await slow).toEqual(bucket);
    const last = read();
    ends[2]?.(failed);
    expect((await last).reason).toBe(after);
  });
});
