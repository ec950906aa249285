import { describe, expect, test } from "vitest";
import { naiveEpoch } from "../test/naive-reference.ts";
import { messages, recordingLogger } from "@edgezero/testbed/recording-logger";
import type { Answer } from "../test/scripted-store.ts";
import {
  answers,
  answersLater,
  cannotBeOpened,
  rejects,
  storeOf,
  storeThat,
  throws,
} from "../test/scripted-store.ts";
import { testGateway } from "../test/test-gateway.ts";
import { decide } from "./decide.ts";
import { readRollout } from "./read-rollout.ts";
import type { RolloutReason } from "./reasons.ts";
import type { RolloutState } from "./rollout-state.ts";

const broken = throws(new Error("broken"));
const bucket = { enabled: true, rolloutPct: 50, reason: "bucket", epoch: naiveEpoch("1", "50") };

describe.each([
  { kind: "answers at once", as: answers },
  { kind: "answers with promises", as: answersLater },
])("a state that is remembered, of a store that $kind", ({ as }) => {
  const read = (flag: unknown, pct: unknown) => readRollout(storeThat(as(flag), as(pct)));

  test.each([
    { flag: "1", pct: "50", is: bucket },
    { flag: "1", pct: "0", is: { ...bucket, rolloutPct: 0, reason: "rollback" } },
    { flag: "1", pct: "100", is: { ...bucket, rolloutPct: 100, reason: "cutover" } },
    { flag: "no", pct: "100", is: { enabled: false, rolloutPct: 0, reason: "disabled" } },
    { flag: null, pct: "100", is: { enabled: false, rolloutPct: 0, reason: "disabled" } },
  ])("is the same for the same values: $flag, $pct", async ({ flag, pct, is }) => {
    const epoch = naiveEpoch(flag, is.enabled ? pct : undefined);
    for (let i = 0; i < 3; i++) expect(await read(flag, pct)).toEqual({ ...is, epoch });
  });

  test("gives way to every change of either value at the very next read", async () => {
    const values = ["1", "true", "0", null].flatMap((flag) =>
      ["50", "050", "0", "100", "101", "", null].map((pct) => ({ flag, pct })),
    );
    const keys = values.flatMap((before) => values.flatMap((after) => [before, after]));
    for (const { flag, pct } of keys) {
      const on = flag === "1" || flag === "true";
      const valid = on && pct !== null && pct !== "" && pct !== "101";
      const { enabled, rolloutPct, epoch } = await read(flag, pct);
      expect({ enabled, rolloutPct, epoch }).toEqual({
        enabled: on,
        rolloutPct: valid ? Number(pct) : 0,
        epoch: naiveEpoch(flag, on ? pct : undefined),
      });
    }
  });
});

describe("a fault between two reads of the same values", () => {
  test.each<{ reason: RolloutReason; flag?: Answer; pct?: Answer }>([
    { reason: "store-unavailable", flag: cannotBeOpened },
    { reason: "flag-unreadable", flag: broken },
    { reason: "flag-unreadable", flag: rejects(new Error("broken")) },
    { reason: "flag-unreadable", flag: answers(undefined) },
    { reason: "pct-unreadable", pct: broken },
    { reason: "pct-unreadable", pct: rejects(new Error("broken")) },
    { reason: "pct-unreadable", pct: answers(50) },
    { reason: "pct-unreadable", pct: answers(false) },
    { reason: "pct-absent", pct: answers(null) },
    { reason: "pct-invalid", pct: answers("50%") },
  ])("is $reason each time, and is gone after it", async (row) => {
    const { reason, flag = answers("1"), pct = answers("50") } = row;
    for (let i = 0; i < 3; i++) {
      expect(await readRollout(storeOf("1", "50"))).toEqual(bucket);
      expect(await readRollout(storeThat(flag, pct))).toMatchObject({ reason, rolloutPct: 0 });
      expect(await readRollout(storeThat(flag, pct))).toMatchObject({ reason, rolloutPct: 0 });
    }
    expect(await readRollout(storeOf("1", "50"))).toEqual(bucket);
  });

  test("is told to each logger, however often the same fault was read before", async () => {
    for (let i = 0; i < 3; i++) {
      const logger = recordingLogger();
      await readRollout(storeOf("1", "x"), { logger });
      await readRollout(storeOf("1", null), { logger });
      await readRollout(storeOf("1", null), { logger });
      await readRollout(storeThat(broken, broken), { logger });
      expect(messages(logger, "warn")).toHaveLength(2);
      expect(messages(logger, "debug")).toHaveLength(2);
    }
  });
});

test("two stores with other values, read in turn, are not mixed up", async () => {
  const [one, other] = [storeOf("1", "50"), storeOf("1", "60")];
  for (let i = 0; i < 3; i++) {
    const reads = await Promise.all([readRollout(one), readRollout(other), readRollout(one)]);
    expect(reads.map(({ rolloutPct }) => rolloutPct)).toEqual([50, 60, 50]);
  }
});

const change = (state: RolloutState) => Object.assign(state, { enabled: true, rolloutPct: 100 });

describe("a caller that changes the state it was given", () => {
  test.each([
    { flag: "1", pct: "0" },
    { flag: "0", pct: "100" },
    { flag: "1", pct: "x" },
  ])("cannot, and so changes nobody's routing: $flag, $pct", async ({ flag, pct }) => {
    const store = storeOf(flag, pct);
    const state = await readRollout(store);
    expect(() => change(state)).toThrow(TypeError);
    for (const each of [state, await readRollout(store)])
      expect(decide(each, "1.2.3.4").path).toBe("legacy");
  });

  test("from the attribution hook fails no request", async () => {
    const send = testGateway({
      configStore: storeOf("1", "0"),
      attribution: (_request, _client, state) => change(state) && {},
    });
    for (let i = 0; i < 2; i++)
      expect((await send()).headers.get("x-edgezero-path")).toBe("legacy");
  });
});
