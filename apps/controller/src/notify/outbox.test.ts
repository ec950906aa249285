import { expect, test } from "vitest";
import type { Outbox, WaitingMessage } from "./outbox.ts";
import { added, attempted, due, EMPTY_OUTBOX, LIFE_MS, MOST_WAITING, orphaned } from "./outbox.ts";

const FAILED = {
  kind: "failed",
  why: "the status is 500",
  pauseMs: null,
  isFinal: false,
} as const;

function message(id: string, more: Partial<WaitingMessage> = {}): WaitingMessage {
  const made = { receiver: "pager", incident: id, what: "opened", at: 0 } as const;
  return { id, ...made, attempts: 0, nextAt: 0, body: "{}", why: null, ...more };
}

/** Attempts until the message is dead; the times of the attempts. */
function attemptsUntilDead(random: number): number[] {
  let outbox: Outbox = added(EMPTY_OUTBOX, message("a"));
  const times: number[] = [];
  for (let now = 0; outbox.dead.length === 0;) {
    const next = due(outbox, "pager", now);
    if (next === null) throw new Error("nothing waits");
    if ("waitMs" in next) {
      now += next.waitMs;
      continue;
    }
    times.push(now);
    outbox = attempted(outbox, "a", FAILED, now, random);
  }
  return times;
}

test.each([0, 0.5, 1])("tries for a day with rising pauses, with chance %d", (random) => {
  const times = attemptsUntilDead(random);
  const pauses = times.slice(1).map((at, i) => at - (times[i] ?? 0));
  expect(pauses[0]).toBe(5000 * (1 - random / 2));
  expect(Math.max(...pauses)).toBe(900_000 * (1 - random / 2));
  expect(times.at(-1)).toBeGreaterThan(LIFE_MS - 900_000);
  expect(times.at(-1)).toBeLessThanOrEqual(LIFE_MS);
});

test("a receiver's own pause counts, up to an hour", () => {
  const outbox = added(EMPTY_OUTBOX, message("a"));
  const asked = (pauseMs: number): unknown =>
    due(attempted(outbox, "a", { ...FAILED, pauseMs }, 0, 0), "pager", 0);
  expect(asked(120_000)).toEqual({ waitMs: 120_000 });
  expect(asked(86_400_000)).toEqual({ waitMs: 3_600_000 });
  expect(asked(1)).toEqual({ waitMs: 5000 });
});

test("a receiver that is gone for good is not tried again", () => {
  const outbox = added(EMPTY_OUTBOX, message("a"));
  const after = attempted(outbox, "a", { ...FAILED, isFinal: true }, 0, 0);
  expect(after).toMatchObject({ waiting: [], dead: [{ id: "a", attempts: 1 }] });
});

test("nothing is resolved before it is there, and other incidents do not wait for it", () => {
  let outbox = added(EMPTY_OUTBOX, message("a", { nextAt: 5000 }));
  outbox = added(outbox, message("b", { incident: "a", what: "resolved" }));
  expect(due(outbox, "pager", 0)).toEqual({ waitMs: 5000 });
  outbox = added(outbox, message("c"));
  expect(due(outbox, "pager", 0)).toMatchObject({ message: { id: "c" } });
  expect(due(outbox, "other", 0)).toBeNull();
});

test("the oldest of too many messages dies, of its own receiver alone", () => {
  let outbox = added(EMPTY_OUTBOX, message("other", { receiver: "slack" }));
  for (let i = 0; i <= MOST_WAITING; i += 1) outbox = added(outbox, message(`m${i}`));
  expect(outbox.waiting).toHaveLength(MOST_WAITING + 1);
  expect(outbox.dead.map(({ id }) => id)).toEqual(["m0"]);
  for (let i = 0; i < 500; i += 1) outbox = added(outbox, message(`n${i}`));
  expect(outbox.waiting).toHaveLength(MOST_WAITING + 1);
  expect(outbox.dead).toHaveLength(50);
});

test("a message that is there already is not added again", () => {
  const outbox = added(EMPTY_OUTBOX, message("a", { attempts: 3 }));
  expect(added(outbox, message("a"))).toBe(outbox);
});

test("a clock that was set back does not hold a message for days", () => {
  const outbox = added(EMPTY_OUTBOX, message("a", { nextAt: 10 * LIFE_MS }));
  expect(due(outbox, "pager", 0)).toEqual({ waitMs: 3_600_000 });
});

test("messages of a receiver that the config lost die, and say so", () => {
  const outbox = orphaned(added(EMPTY_OUTBOX, message("a")), new Set(["slack"]), 7);
  expect(outbox.dead).toMatchObject([
    { id: "a", diedAt: 7, why: expect.stringContaining("config") },
  ]);
});
