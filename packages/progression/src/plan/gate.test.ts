import { describe, expect, test } from "vitest";
import type { GateReason } from "./gate.ts";
import { gate } from "./gate.ts";
import { RUNBOOK_PLAN } from "./plan.ts";

const HOUR = 3_600_000;

interface Case {
  readonly name: string;
  /** Percentages on record, and how many hours ago each began. */
  readonly changes: readonly [effective: number, hoursAgo: number, begins?: "begins hold"][];
  /** The percentage in force, where it is not the last one on record. */
  readonly present?: number;
  readonly to: number;
  readonly why: GateReason;
  readonly leftMs?: number;
}

const CASES: readonly Case[] = [
  { name: "the first stage", changes: [], to: 1, why: "within-plan" },
  { name: "more than the first stage", changes: [], to: 2, why: "skips-stage" },
  { name: "the next stage after the hold", changes: [[10, 2]], to: 50, why: "within-plan" },
  {
    name: "the next stage before the hold is over",
    changes: [[10, 1.5]],
    to: 50,
    why: "hold-not-over",
    leftMs: HOUR / 2,
  },
  {
    name: "two stages on, which no hold allows",
    changes: [[10, 99]],
    to: 51,
    why: "skips-stage",
  },
  {
    name: "two stages on before the hold is over",
    changes: [[10, 1]],
    to: 51,
    why: "skips-stage",
    leftMs: HOUR,
  },
  { name: "less, at any time", changes: [[50, 0]], to: 10, why: "not-raised", leftMs: 24 * HOUR },
  { name: "the same", changes: [[50, 24]], to: 50, why: "not-raised" },
  { name: "up from between two stages", changes: [[5, 0]], to: 10, why: "within-plan" },
  {
    name: "a change to the same percentage, which does not restart the hold",
    changes: [
      [1, 9],
      [10, 2],
      [10, 0.1],
    ],
    to: 50,
    why: "within-plan",
  },
  {
    name: "a way through off, which restarts the hold",
    changes: [
      [10, 9],
      [0, 0.2],
      [10, 0.1],
    ],
    to: 50,
    why: "hold-not-over",
    leftMs: 1.9 * HOUR,
  },
  {
    name: "up from off",
    changes: [
      [50, 99],
      [0, 1],
    ],
    to: 50,
    why: "skips-stage",
  },
  {
    name: "a last change of the future, since a clock went back",
    changes: [[10, -5]],
    to: 50,
    why: "hold-not-over",
    leftMs: 2 * HOUR,
  },
  {
    name: "a hold that began by a clock that had gone back",
    changes: [
      [1, 1],
      [10, 99],
    ],
    to: 50,
    why: "hold-not-over",
    leftMs: HOUR,
  },
  {
    name: "a hold that was begun, since the records before it are of the future",
    changes: [
      [10, -5],
      [10, 2, "begins hold"],
    ],
    to: 50,
    why: "within-plan",
  },
  {
    name: "a hold that was begun while the clock was behind, once the clock is right again",
    changes: [
      [10, 1],
      [10, 3, "begins hold"],
    ],
    to: 50,
    why: "hold-not-over",
    leftMs: HOUR,
  },
  {
    name: "a hold that claims to be older than the change to its percentage",
    changes: [
      [1, 0.5],
      [10, 0.5],
      [10, 99, "begins hold"],
    ],
    to: 50,
    why: "hold-not-over",
    leftMs: 1.5 * HOUR,
  },
  {
    name: "a hold that was begun anew at the same percentage",
    changes: [
      [10, 99],
      [10, 1, "begins hold"],
    ],
    to: 50,
    why: "hold-not-over",
    leftMs: HOUR,
  },
  {
    name: "a begun hold whose time is not one",
    changes: [
      [10, 99],
      [10, Number.NaN, "begins hold"],
    ],
    to: 50,
    why: "hold-not-over",
    leftMs: 2 * HOUR,
  },
  {
    name: "a stage that no record has, since its hold begins now",
    changes: [],
    present: 10,
    to: 50,
    why: "hold-not-over",
    leftMs: 2 * HOUR,
  },
  {
    name: "a stage that was reached outside of the record",
    changes: [[1, 99]],
    present: 10,
    to: 50,
    why: "hold-not-over",
    leftMs: 2 * HOUR,
  },
  {
    name: "up from between two stages that no record has, where no hold counts",
    changes: [],
    present: 30,
    to: 50,
    why: "within-plan",
  },
  {
    name: "less than a stage that no record has",
    changes: [],
    present: 50,
    to: 0,
    why: "not-raised",
    leftMs: 24 * HOUR,
  },
  {
    name: "a time that is not one",
    changes: [[10, Number.NaN]],
    to: 50,
    why: "hold-not-over",
    leftMs: 2 * HOUR,
  },
];

describe("a gate judges", () => {
  test.each(CASES)("$name: $why", ({ changes, present, to, why, leftMs = 0 }) => {
    const history = {
      now: 1000 * HOUR,
      present: present ?? changes.at(-1)?.[0] ?? 0,
      changes: changes.map(([effective, hours, begins]) => ({
        effective,
        at: (1000 - hours) * HOUR,
        beginsHold: begins !== undefined,
      })),
    };
    const verdict = gate(RUNBOOK_PLAN, history, to);
    expect(verdict).toMatchObject({ why, leftMs });
    expect(verdict.allowed).toBe(why === "not-raised" || why === "within-plan");
  });

  test("by a plan without stages, nothing is held or skipped", () => {
    const verdict = gate([], { changes: [], present: 0, now: 0 }, 100);
    expect(verdict).toMatchObject({ why: "within-plan", stage: null, nextStagePct: 100 });
  });
});
