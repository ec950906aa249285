import { expect, test } from "vitest";
import { changed, PLAN, Rollout } from "../../test/site.ts";
import { readSignal } from "../statistics/index.ts";
import { explain } from "./explain.ts";

test("says where it is, why it is not further, and what it waits for", () => {
  const rollout = new Rollout().begin();
  rollout.passes(3);
  expect(explain(rollout.state)).toMatchObject({
    state: "observing",
    sentence: "Stage 1 of 3, at 10%: observing. The stage's time has 1 m 15 s left.",
    reason: "hold",
    waitsFor: "the rest of the stage's time",
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

test("says how little is known of legacy, until enough is", () => {
  const rollout = new Rollout(changed(PLAN, { holdMs: 3_600_000 })).begin();
  const learning = (): string | null | undefined => explain(rollout.state).signals[0]?.learning;
  expect(learning()).toBe(
    "Still learning how failures come in clusters: 0 of 30 expected failures, 0 of 20 windows of legacy. " +
      "Until then 10 failures count as one event: verdicts are slower, but not less safe.",
  );
  rollout.passes(25, {}, { failures: 18 });
  expect(learning()).toBeNull();
});

test("has the numbers behind each reason to hold", () => {
  const rollout = new Rollout().begin();
  rollout.answering = 3;
  rollout.pass({ clients: { all: 300, failing: 0 } }, { clients: { all: 700, failing: 0 } });
  const { reasons, stage } = explain(rollout.state);
  expect(reasons.map(({ sentence }) => sentence)).toEqual(
    expect.arrayContaining([
      "More gateways answer probes than the source has counts of: some gateways are not measured. 3 answer, and 2 are counted.",
      "EdgeZero's share differs from the percentage that was set. 30% are on EdgeZero, and 10% should be.",
    ]),
  );
  expect(stage?.share).toBe(0.3);
});

test("says how long a freeze lasts yet", () => {
  const freeze = [{ from: 3 * 1440 + 720, to: 3 * 1440 + 840, zone: "UTC" }];
  const rollout = new Rollout({ ...PLAN, freeze });
  rollout.readStore();
  rollout.command("start");
  rollout.passes(24);
  expect(explain(rollout.state)).toMatchObject({
    sentence: "Warming up at 0%: learning how legacy fails. A freeze is on, and ends in 1 h 54 m.",
    reason: "freeze",
    leftMs: 114 * 60_000,
  });
});

test("does not take the value before a rollback for one that someone set since", () => {
  const rollout = new Rollout().begin();
  const before = { type: "store", at: rollout.at, pct: rollout.pct, epoch: rollout.epoch } as const;
  rollout.tick(1000);
  rollout.command("rollback");
  expect(explain(rollout.state).sentence).toBe("Rolled back. ana asked for it.");
  // A read that was under way during the write.
  rollout.send(before);
  expect(explain(rollout.state).sentence).toBe("Rolled back. ana asked for it.");
});

test("does not take the value before a rollback for someone else's after a reset", () => {
  const rollout = new Rollout().begin();
  rollout.tick(1000);
  rollout.command("rollback");
  rollout.command("reset");
  expect(explain(rollout.state).sentence).toBe("Idle: no rollout is under way.");
  expect(rollout.command("start")).toMatchObject({ accepted: false });
  rollout.readStore();
  expect(rollout.command("start")).toMatchObject({ accepted: true });
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
