import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { naiveEpoch } from "../test/naive-reference.ts";
import type { Answer, ScriptedStore } from "../test/scripted-store.ts";
import {
  answers,
  cannotBeOpened,
  neverAnswers,
  rejects,
  storeThat,
  throws,
} from "../test/scripted-store.ts";
import { decide } from "./decide.ts";
import { readRollout } from "./read-rollout.ts";

const notRead: Answer = throws(new Error("must not be read"));
const broken = throws(new Error("broken"));
const on = answers("true");

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** The same answer, given by a store that answers with promises. */
function later(answer: Answer): Answer {
  return async () => answer();
}

async function stateOf(store: ScriptedStore) {
  const state = readRollout(store);
  await vi.advanceTimersByTimeAsync(500);
  return state;
}

describe.each([
  { kind: "a store that answers at once", as: (answer: Answer) => answer },
  { kind: "a store that answers with promises", as: later },
])("the fail-safe table, with $kind", ({ as }) => {
  test.each([
    ["cannot be opened", "–", "–", "legacy", "store-unavailable", cannotBeOpened, notRead],
    ["open", "throws", "not read", "legacy", "flag-unreadable", broken, notRead],
    ["open", "times out", "not read", "legacy", "flag-unreadable", neverAnswers, notRead],
    ["open", "absent", "not read", "legacy", "disabled", answers(null), notRead],
    ["open", "anything but true or 1", "not read", "legacy", "disabled", answers("yes"), notRead],
    ["open", "empty", "not read", "legacy", "disabled", answers(""), notRead],
    ["open", "false", "not read", "legacy", "disabled", answers("false"), notRead],
    ["open", "on", "throws", "legacy", "pct-unreadable", on, broken],
    ["open", "on", "times out", "legacy", "pct-unreadable", on, neverAnswers],
    ["open", "on", "cannot be opened any more", "legacy", "pct-unreadable", on, cannotBeOpened],
    ["open", "on", "absent", "legacy", "pct-absent", on, answers(null)],
    ["open", "on", "invalid", "legacy", "pct-invalid", on, answers("50%")],
    ["open", "on", "empty", "legacy", "pct-invalid", on, answers("")],
    ["open", "on", "> 100", "legacy", "pct-invalid", on, answers("101")],
    ["open", "on", "0", "legacy", "rollback", on, answers("0")],
    ["open", "on", "100", "edgezero", "cutover", on, answers("100")],
    ["open", "on", "1–99, bucket 85 at 85", "legacy", "bucket", on, answers("85")],
    [
      "open",
      "on",
      "1–99, bucket 85 at 86",
      "edgezero",
      "bucket",
      answers(" TRUE "),
      answers("+086"),
    ],
  ] as const)(
    "store %s | flag %s | percentage %s → %s, %s",
    async (_store, _flag, _pct, path, reason, flag, pct) => {
      const store = storeThat(as(flag), as(pct));
      expect(decide(await stateOf(store), "1.2.3.4")).toMatchObject({ path, reason });
      const keys = ["edgezero_enabled", "edgezero_rollout_pct"];
      expect(store.reads).toEqual(pct === notRead ? keys.slice(0, 1) : keys);
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  test.each([
    { flag: "off", is: [answers("0"), answers("100")], enabled: false, rolloutPct: 0 },
    { flag: "on", is: [answers("1"), answers("7")], enabled: true, rolloutPct: 7 },
    { flag: "on", is: [answers("1"), answers("x")], enabled: true, rolloutPct: 0 },
    { flag: "on", is: [answers("1"), neverAnswers], enabled: true, rolloutPct: 0 },
    { flag: "unreadable", is: [neverAnswers, answers("100")], enabled: false, rolloutPct: 0 },
  ] as const)(
    "the state says whether the switch was read and on: $flag",
    async ({ is, ...state }) => {
      const [flag, pct] = is;
      expect(await stateOf(storeThat(as(flag), as(pct)))).toMatchObject({
        enabled: state.enabled,
        rolloutPct: state.rolloutPct,
      });
    },
  );
});

describe("an answer that is neither text nor null", () => {
  const kinds = [undefined, 5, 1, true, {}, [], ["1"], Object("1"), 1n, Symbol("1"), () => "1"];

  test.each(kinds.flatMap((answer) => [{ answer }, { answer: Promise.resolve(answer) }]))(
    "is an unreadable key: $answer",
    async ({ answer }) => {
      const flag = await stateOf(storeThat(answers(answer), answers("100")));
      expect(flag).toEqual({
        enabled: false,
        rolloutPct: 0,
        reason: "flag-unreadable",
        epoch: naiveEpoch(undefined),
      });
      const pct = await stateOf(storeThat(answers("1"), answers(answer)));
      expect(pct).toEqual({
        enabled: true,
        rolloutPct: 0,
        reason: "pct-unreadable",
        epoch: naiveEpoch("1"),
      });
      expect(vi.getTimerCount()).toBe(0);
    },
  );
});

describe("a store that is none", () => {
  test.each([null, undefined, {}, { get: "true" }, 5])("is unreadable: %j", async (store) => {
    const { reason } = await readRollout(store as unknown as ScriptedStore);
    expect(reason).toBe("flag-unreadable");
  });
});

test("a rejection is an unreadable key, whatever is rejected", async () => {
  for (const error of [new Error("broken"), "text", undefined, null, 5]) {
    expect(await stateOf(storeThat(rejects(error), notRead))).toMatchObject({
      reason: "flag-unreadable",
    });
    expect(await stateOf(storeThat(answers("1"), rejects(error)))).toMatchObject({
      reason: "pct-unreadable",
    });
  }
});

test("each read asks the store again, so that a change applies to the next request", async () => {
  let pct = "0";
  const store = storeThat(answers("1"), () => pct);
  expect(await readRollout(store)).toMatchObject({ reason: "rollback" });
  pct = "30";
  expect(await readRollout(store)).toMatchObject({ reason: "bucket", rolloutPct: 30 });
  expect(store.reads).toHaveLength(4);
});
