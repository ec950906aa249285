import * as fc from "fast-check";
import { expect, test } from "vitest";
import { durationMs } from "./duration.ts";
import type { EffectiveChange } from "./gate.ts";
import { gate } from "./gate.ts";
import { nextStage, RUNBOOK_PLAN } from "./plan.ts";

const HOUR = 3_600_000;
const HOLD_MS = new Map(RUNBOOK_PLAN.map(({ pct, hold }) => [pct, durationMs(hold) ?? 0]));

type Step =
  | { readonly kind: "set"; readonly pct: number }
  | {
      readonly kind:
        | "next-stage"
        | "enable"
        | "disable"
        | "rollback"
        | "lose-record"
        | "clock-back";
    }
  | { readonly kind: "wait"; readonly ms: number };

const STEP: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .constantFrom(0, 1, 2, 5, 9, 10, 11, 30, 49, 50, 51, 75, 99, 100)
      .map((pct) => ({ kind: "set", pct }) as const),
  },
  {
    weight: 9,
    arbitrary: fc.constantFrom({ kind: "next-stage" } as const, { kind: "enable" } as const),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ kind: "disable" } as const, { kind: "rollback" } as const),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ kind: "lose-record" } as const, { kind: "clock-back" } as const),
  },
  { weight: 9, arbitrary: fc.nat({ max: 30 * HOUR }).map((ms) => ({ kind: "wait", ms }) as const) },
);

/** A rollout whose operator asks the gate before each change, and obeys. */
interface Rollout {
  isOn: boolean;
  pct: number;
  /** Time that really passes; the operator's clock may be behind it. */
  realMs: number;
  behindMs: number;
  record: EffectiveChange[];
  /** Since when the percentage in force has really been so. */
  sinceMs: number;
  /** Changes that the gate judged wrongly. */
  readonly wrong: string[];
}

function change(rollout: Rollout, isOn: boolean, pct: number): void {
  const { realMs, sinceMs, record: changes, wrong } = rollout;
  const present = rollout.isOn ? rollout.pct : 0;
  const to = isOn ? pct : 0;
  const now = 1e12 + realMs - rollout.behindMs;
  const { allowed, isDated } = gate(RUNBOOK_PLAN, { changes, present, now }, to);
  if (!allowed) {
    if (to <= present) wrong.push(`${present} -> ${to} is refused`);
    // A refusal begins the hold where the record does not know of one.
    if (!isDated) rollout.record = [{ at: now, effective: present }];
    return;
  }
  const isHeld = realMs - sinceMs >= (HOLD_MS.get(present) ?? 0);
  const isSkip = RUNBOOK_PLAN.some((stage) => stage.pct > present && stage.pct < to);
  if (to > present && (isSkip || !isHeld)) wrong.push(`${present} -> ${to} is allowed`);
  rollout.isOn = isOn;
  rollout.pct = pct;
  changes.push({ at: now, effective: to });
  if (to !== present) rollout.sinceMs = realMs;
}

function take(rollout: Rollout, step: Step): void {
  const { isOn, pct } = rollout;
  switch (step.kind) {
    case "set":
      return change(rollout, isOn, step.pct);
    case "next-stage":
      return change(rollout, isOn, nextStage(RUNBOOK_PLAN, pct)?.pct ?? 100);
    case "enable":
      return change(rollout, true, pct);
    case "disable":
      return change(rollout, false, pct);
    case "rollback":
      return change(rollout, isOn, 0);
    case "wait":
      rollout.realMs += step.ms;
      return;
    case "clock-back":
      rollout.behindMs += HOUR;
      return;
    case "lose-record":
      rollout.record = [];
  }
}

test("no order of commands goes up by more than a stage, or before the hold is over", () => {
  let raised = 0;
  fc.assert(
    fc.property(fc.array(STEP, { maxLength: 80, size: "max" }), (steps) => {
      const wrong: string[] = [];
      const clock = { realMs: 0, behindMs: 0, sinceMs: 0 };
      const rollout: Rollout = { isOn: false, pct: 0, ...clock, record: [], wrong };
      for (const step of steps) {
        take(rollout, step);
        if (rollout.isOn && rollout.pct >= 10) raised++;
      }
      expect(wrong).toEqual([]);
    }),
    { numRuns: 5000 },
  );
  // Otherwise the sequences would prove little.
  expect(raised).toBeGreaterThan(1000);
}, 60_000);
