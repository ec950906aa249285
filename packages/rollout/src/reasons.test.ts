import { describe, expect, expectTypeOf, test } from "vitest";
import { recordingLogger } from "@edgezero/testbed/recording-logger";
import { answers, cannotBeOpened, storeThat, throws } from "../test/scripted-store.ts";
import { decide } from "./decide.ts";
import { readRollout } from "./read-rollout.ts";
import type { ReasonFacts, RolloutReason } from "./reasons.ts";
import { REASONS } from "./reasons.ts";

const broken = throws(new Error("broken"));
const on = answers("1");

describe("what the table says of a reason is what a read with that reason does", () => {
  test.each([
    { reason: "store-unavailable", flag: cannotBeOpened, pct: broken },
    { reason: "flag-unreadable", flag: broken, pct: broken },
    { reason: "pct-unreadable", flag: on, pct: broken },
    { reason: "pct-absent", flag: on, pct: answers(null) },
    { reason: "pct-invalid", flag: on, pct: answers("x") },
    { reason: "disabled", flag: answers("0"), pct: broken },
    { reason: "rollback", flag: on, pct: answers("0") },
    { reason: "cutover", flag: on, pct: answers("100") },
    { reason: "bucket", flag: on, pct: answers("50") },
  ] as const)("$reason", async ({ reason, flag, pct }) => {
    const logger = recordingLogger();
    const state = await readRollout(storeThat(flag, pct), { logger });
    expect(state.reason).toBe(reason);
    const { path, isFault, level, meaning } = REASONS[reason];
    const paths = new Set(["10.20.30.130", "10.20.30.234"].map((ip) => decide(state, ip).path));
    expect([...paths]).toEqual(path === "both" ? ["edgezero", "legacy"] : [path]);
    expect(logger.lines.map((line) => line.level)).toEqual(isFault ? [level] : []);
    expect(logger.lines.every((line) => line.message.startsWith(meaning))).toBe(true);
  });
});

const rows = Object.entries(REASONS).map(([reason, { path, isFault, wasRead, stale }]) => ({
  reason,
  path,
  isFault,
  wasRead,
  stale,
}));

test.each(rows.filter(({ stale }) => stale !== undefined))(
  "$reason stands in for a failed read as $stale, with the same path",
  ({ stale, path }) => {
    const facts = REASONS[stale ?? "forced"];
    expect(facts).toMatchObject({ path, isFault: false, wasRead: false });
  },
);

test.each(rows.filter(({ isFault }) => isFault))(
  "$reason is a fault: every client goes to legacy, and it never stands in for a failed read",
  ({ path, stale }) => {
    expect({ path, stale }).toStrictEqual({ path: "legacy", stale: undefined });
  },
);

test("every stale reason stems from exactly one other", () => {
  const named = rows.map(({ stale }) => stale).filter((stale) => stale !== undefined);
  const stale = rows.filter(({ isFault, wasRead }) => !isFault && wasRead === false);
  expect(named.toSorted()).toEqual(stale.map(({ reason }) => reason).toSorted());
});

test("a table without the row of a reason does not compile", () => {
  expectTypeOf<keyof typeof REASONS>().toEqualTypeOf<RolloutReason>();
  const { forced: _forced, ...others } = REASONS;
  // @ts-expect-error -- the row of `forced` is missing
  const table: Record<RolloutReason, ReasonFacts> = others;
  expect(Object.keys(table)).toHaveLength(rows.length - 1);
});
