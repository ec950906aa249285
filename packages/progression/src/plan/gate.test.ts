import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EffectiveChange, GateReason } from "./gate.ts";
import { gate } from "./gate.ts";
import { RUNBOOK_PLAN } from "./plan.ts";

const HOUR = 3_600_000;

interface Case {
  readonly name: string;
  /** Percentages in force, and how many hours ago each began. */
  readonly changes: readonly [effective: number, hoursAgo: number][];
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
];

const HOLD_MS: Readonly<Record<number, number>> = { 1: HOUR / 2, 10: 2 * HOUR, 50: 24 * HOUR };

/** The stages that a raise passes without having been there for their hold. */
function skippedBy(changes: readonly EffectiveChange[], now: number, to: number): number[] {
  const fromPct = changes.at(-1)?.effective ?? 0;
  const since = changes[changes.findLastIndex(({ effective }) => effective !== fromPct) + 1]?.at;
  const heldMs = now - (since ?? now);
  const passed = RUNBOOK_PLAN.map(({ pct }) => pct).filter((pct) => pct >= fromPct && pct < to);
  return passed.filter((pct) => pct !== fromPct || heldMs < (HOLD_MS[pct] ?? 0));
}

describe("a gate judges", () => {
  test.each(CASES)("$name: $why", ({ changes, to, why, leftMs = 0 }) => {
    const history = {
      now: 1000 * HOUR,
      changes: changes.map(([effective, hours]) => ({ effective, at: (1000 - hours) * HOUR })),
    };
    const verdict = gate(RUNBOOK_PLAN, history, to);
    expect(verdict).toMatchObject({ why, leftMs });
    expect(verdict.allowed).toBe(why === "not-raised" || why === "within-plan");
  });

  test("no order of allowed changes passes a stage without its hold", { timeout: 30_000 }, () => {
    const steps = fc.array(
      fc.record({
        to: fc.constantFrom(0, 1, 5, 10, 30, 50, 75, 100),
        waitMs: fc.nat({ max: 30 * HOUR }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (wanted) => {
        const changes: EffectiveChange[] = [];
        let now = 0;
        for (const { to, waitMs } of wanted) {
          now += waitMs;
          const { allowed } = gate(RUNBOOK_PLAN, { now, changes }, to);
          if (!allowed) continue;
          expect(skippedBy(changes, now, to)).toEqual([]);
          changes.push({ at: now, effective: to });
        }
      }),
      { numRuns: 300 },
    );
  });
});
