import { expect, test } from "vitest";
import { Rollout } from "../../test/site.ts";

const MINUTE = 60_000;

/** A rollout whose second stage is being written, without an answer, when an operator rolls back. */
function overtaken(): { rollout: Rollout; id: string } {
  const rollout = new Rollout().begin();
  rollout.takes = false;
  for (let i = 0; i < 40 && rollout.state.raise === null; i += 1) rollout.pass();
  const id = rollout.state.raise?.id ?? "";
  // The answers of the raise and of the 0 come later.
  rollout.state = { ...rollout.state, raise: { ...raiseOf(rollout), failed: false } };
  rollout.takes = true;
  rollout.command("rollback");
  return { rollout, id };
}

function raiseOf(rollout: Rollout): NonNullable<Rollout["state"]["raise"]> {
  const { raise } = rollout.state;
  if (raise === null) throw new Error("no raise");
  return raise;
}

/** The writes of 0 that follow when the store is read to have the raise's percentage, so much later. */
function zerosAfter(rollout: Rollout, ms: number): number {
  rollout.at += ms;
  const before = rollout.effects.filter(({ type }) => type === "write-zero").length;
  rollout.pct = 50;
  rollout.readStore();
  return rollout.effects.filter(({ type }) => type === "write-zero").length - before;
}

test("a raise that lands after the 0 that overtook it is written over", () => {
  const { rollout } = overtaken();
  expect(zerosAfter(rollout, 1000)).toBe(1);
  expect(rollout.pct).toBe(0);
});

test("the percentage of a raise that was not answered is an operator's once the raise is lost", () => {
  const { rollout } = overtaken();
  rollout.until("rolled-back");
  expect(zerosAfter(rollout, 2 * MINUTE)).toBe(0);
  expect(rollout.pct).toBe(50);
});

test("the percentage of a raise that was not written is an operator's at once", () => {
  const { rollout, id } = overtaken();
  rollout.send({ type: "raised", at: rollout.at, id, written: false, epoch: null });
  expect(zerosAfter(rollout, 1000)).toBe(0);
});

test("a raise that was written is over once the store is read to have 0 after its answer", () => {
  const { rollout, id } = overtaken();
  rollout.send({ type: "raised", at: rollout.at, id, written: true, epoch: "epoch-50" });
  rollout.at += 1000;
  rollout.readStore();
  expect(zerosAfter(rollout, 1000)).toBe(0);
});

test("a raise whose write is known may have landed until the store is read after it", () => {
  const { rollout, id } = overtaken();
  rollout.send({ type: "raised", at: rollout.at, id, written: true, epoch: "epoch-50" });
  expect(zerosAfter(rollout, 1000)).toBe(1);
});

test("a 0 that the store has lost is written again, and another percentage is an operator's", () => {
  const rollout = new Rollout().begin();
  rollout.until("observing");
  rollout.command("rollback");
  rollout.until("rolled-back");
  const zeros = (): number => rollout.effects.filter(({ type }) => type === "write-zero").length;
  const before = zeros();
  const read = { type: "store", at: rollout.at, pct: 10, epoch: "epoch-10" } as const;
  rollout.send(read);
  expect(zeros() - before).toBe(0);
  rollout.send({ ...read, isLost: true });
  expect(zeros() - before).toBe(1);
  rollout.until("rolled-back");
});
