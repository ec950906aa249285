import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
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
const FLAG_ONLY = ["edgezero_enabled"];
const BOTH = ["edgezero_enabled", "edgezero_rollout_pct"];

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
    {
      store: "cannot be opened",
      flag: "–",
      pct: "–",
      is: [cannotBeOpened, notRead],
      path: "legacy",
      reason: "store-unavailable",
      reads: FLAG_ONLY,
    },
    {
      store: "open",
      flag: "throws",
      pct: "not read",
      is: [throws(new Error("broken")), notRead],
      path: "legacy",
      reason: "flag-unreadable",
      reads: FLAG_ONLY,
    },
    {
      store: "open",
      flag: "times out",
      pct: "not read",
      is: [neverAnswers, notRead],
      path: "legacy",
      reason: "flag-unreadable",
      reads: FLAG_ONLY,
    },
    {
      store: "open",
      flag: "absent",
      pct: "not read",
      is: [answers(null), notRead],
      path: "legacy",
      reason: "disabled",
      reads: FLAG_ONLY,
    },
    {
      store: "open",
      flag: "anything but true or 1",
      pct: "not read",
      is: [answers("yes"), notRead],
      path: "legacy",
      reason: "disabled",
      reads: FLAG_ONLY,
    },
    {
      store: "open",
      flag: "empty",
      pct: "not read",
      is: [answers(""), notRead],
      path: "legacy",
      reason: "disabled",
      reads: FLAG_ONLY,
    },
    {
      store: "open",
      flag: "false",
      pct: "not read",
      is: [answers("false"), notRead],
      path: "legacy",
      reason: "disabled",
      reads: FLAG_ONLY,
    },
    {
      store: "open",
      flag: "on",
      pct: "throws",
      is: [answers("true"), throws(new Error("broken"))],
      path: "legacy",
      reason: "pct-unreadable",
      reads: BOTH,
    },
    {
      store: "open",
      flag: "on",
      pct: "times out",
      is: [answers("true"), neverAnswers],
      path: "legacy",
      reason: "pct-unreadable",
      reads: BOTH,
    },
    {
      store: "open",
      flag: "on",
      pct: "cannot be opened any more",
      is: [answers("true"), cannotBeOpened],
      path: "legacy",
      reason: "pct-unreadable",
      reads: BOTH,
    },
    {
      store: "open",
      flag: "on",
      pct: "absent",
      is: [answers("true"), answers(null)],
      path: "legacy",
      reason: "pct-absent",
      reads: BOTH,
    },
    {
      store: "open",
      flag: "on",
      pct: "invalid",
      is: [answers("true"), answers("50%")],
      path: "legacy",
      reason: "pct-invalid",
      reads: BOTH,
    },
    {
      store: "open",
      flag: "on",
      pct: "empty",
      is: [answers("true"), answers("")],
      path: "legacy",
      reason: "pct-invalid",
      reads: BOTH,
    },
    {
      store: "open",
      flag: "on",
      pct: "> 100",
      is: [answers("true"), answers("101")],
      path: "legacy",
      reason: "pct-invalid",
      reads: BOTH,
    },
    {
      store: "open",
      flag: "on",
      pct: "0",
      is: [answers("1"), answers("0")],
      path: "legacy",
      reason: "rollback",
      reads: BOTH,
    },
    {
      store: "open",
      flag: "on",
      pct: "100",
      is: [answers("1"), answers("100")],
      path: "edgezero",
      reason: "cutover",
      reads: BOTH,
    },
    {
      store: "open",
      flag: "on",
      pct: "1–99, bucket outside",
      is: [answers("true"), answers("85")],
      path: "legacy",
      reason: "bucket",
      reads: BOTH,
    },
    {
      store: "open",
      flag: "on",
      pct: "1–99, bucket inside",
      is: [answers(" TRUE "), answers("+086")],
      path: "edgezero",
      reason: "bucket",
      reads: BOTH,
    },
  ] as const)("store $store | flag $flag | percentage $pct → $path, $reason", async (row) => {
    const [flag, pct] = row.is;
    const store = storeThat(as(flag), as(pct));
    const decision = decide(await stateOf(store), "1.2.3.4");
    expect(decision).toMatchObject({ path: row.path, reason: row.reason });
    expect(store.reads).toEqual(row.reads);
    expect(vi.getTimerCount()).toBe(0);
  });

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
      expect(flag).toEqual({ enabled: false, rolloutPct: 0, reason: "flag-unreadable" });
      const pct = await stateOf(storeThat(answers("1"), answers(answer)));
      expect(pct).toEqual({ enabled: true, rolloutPct: 0, reason: "pct-unreadable" });
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
