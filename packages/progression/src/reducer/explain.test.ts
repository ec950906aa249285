import { expect, test } from "vitest";
import { changed, PLAN, Rollout } from "../../test/site.ts";
import { readSignal } from "../statistics/index.ts";
import { explain } from "./explain.ts";

test("says where it is, why it is not further, and what it waits for", () => {
  const rollout = new Rollout().begin();
  rollout.passes(3);
  expect(explain(rollout.state)).toMatchObject({
    state: "observing",
    sentence: "Stage 1 of 3, at 10%: observing. The hold has 75 s left.",
    reason: "hold",
    waitsFor: "the rest of the hold",
    next: 50,
    stage: { number: 1, of: 3, pct: 10, heldMs: 45_000, leftMs: 75_000 },
  });
});

test("names the most important reason, and lists all that hold", () => {
  const rollout = new Rollout().begin();
  rollout.pass({ requests: 0 }, { requests: 0 });
  rollout.pct = 30;
  rollout.pass({ requests: 0 }, { requests: 0 });
  expect(explain(rollout.state)).toMatchObject({
    state: "held",
    reason: "drifted",
    held: ["drifted", "no-traffic"],
    waitsFor: "an operator's resume or rollback",
  });
});

test("has every number that a verdict came from", () => {
  const rollout = new Rollout().begin();
  rollout.passes(3, { failures: 1 });
  const kept = JSON.parse(JSON.stringify(explain(rollout.state))) as ReturnType<typeof explain>;
  for (const { signal, evidence, reading } of kept.signals) {
    expect(readSignal(signal, evidence)).toEqual(reading);
  }
  expect(kept.signals.map(({ name, decides }) => [name, decides])).toEqual([
    ["errors", true],
    ["timeouts", true],
    ["p95", true],
  ]);
});

test("at 100% only a signal with a ceiling decides", () => {
  const rollout = new Rollout(changed(PLAN, { holdMs: 120_000 })).begin();
  while (rollout.pct < 100) rollout.pass();
  rollout.passes(3);
  const { signals } = explain(rollout.state);
  expect(signals.filter(({ decides }) => decides).map(({ name }) => name)).toEqual(["errors"]);
});

test("says what a value of someone else is after a rollback", () => {
  const rollout = new Rollout().begin();
  rollout.command("rollback");
  rollout.pct = 30;
  rollout.readStore();
  expect(explain(rollout.state).sentence).toBe(
    "Rolled back. ana asked for it. Since then someone set 30%.",
  );
});
