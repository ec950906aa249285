import { describe, expect, test } from "vitest";
import { describeVerdict } from "./describe-verdict.ts";
import { gate } from "./gate.ts";
import { RUNBOOK_PLAN } from "./plan.ts";
import { leftText } from "./span.ts";

const MINUTE = 60_000;

const CASES: readonly {
  name: string;
  present: number;
  heldMs: number | null;
  to: number;
  text: string;
}[] = [
  { name: "less", present: 50, heldMs: 0, to: 10, text: "10% is not above 50%" },
  {
    name: "the next stage",
    present: 10,
    heldMs: 120 * MINUTE,
    to: 50,
    text: "the plan allows 50% after 10%",
  },
  {
    name: "too soon",
    present: 10,
    heldMs: 30 * MINUTE - 1,
    to: 50,
    text: "the plan holds 10% for 2h: 1 h 31 m left",
  },
  {
    name: "since an unknown time",
    present: 10,
    heldMs: null,
    to: 50,
    text: "the plan holds 10% for 2h; no usable record says since when, so the hold begins now",
  },
  {
    name: "too far",
    present: 0,
    heldMs: null,
    to: 10,
    text: "10% is more than one stage of the plan up from 0%: the next stage is 1%",
  },
  {
    name: "too far and too soon",
    present: 10,
    heldMs: 119 * MINUTE + 59_500,
    to: 100,
    text: "100% is more than one stage of the plan up from 10%: the next stage is 50%, and the plan holds 10% for 2h: 1 s left",
  },
];

describe("a verdict on", () => {
  test.each(CASES)("$name: $text", ({ present, heldMs, to, text }) => {
    const now = 1e12;
    const changes = heldMs === null ? [] : [{ at: now - heldMs, effective: present }];
    expect(describeVerdict(gate(RUNBOOK_PLAN, { changes, present, now }, to), to)).toBe(text);
  });
});

test.each([
  [1, "1 s"],
  [59_001, "1 m"],
  [60_001, "1 m 1 s"],
  [3_599_999, "1 h"],
  [3_600_001, "1 h 1 m"],
  [86_400_001, "1 d 1 h"],
])("what is left of %i ms is rounded up: %s", (ms, text) => {
  expect(leftText(ms)).toBe(text);
});
