import { expect, test } from "vitest";
import { RUNBOOK_PLAN } from "./plan.ts";
import { spanText } from "./span.ts";
import { stageRail } from "./stage-rail.ts";

const MINUTE = 60_000;
const NOW = 1e12;
const since = (minutes: number, effective: number) => [{ at: NOW - minutes * MINUTE, effective }];

test.each([
  { pct: 10, changes: since(80, 10), text: "stage 2 of 4 · 10% · 1 h 20 m of 2 h · next 50%" },
  { pct: 10, changes: since(121, 10), text: "stage 2 of 4 · 10% · 2 h are over · next 50%" },
  { pct: 0, changes: since(5, 0), text: "before stage 1 of 4 · 0% · next 1%" },
  { pct: 5, changes: since(5, 5), text: "between stages 1 and 2 of 4 · 5% · next 10%" },
  { pct: 100, changes: since(60, 100), text: "stage 4 of 4 · 100% · 1 h of 2 d · no next stage" },
  {
    pct: 1,
    changes: [],
    text: "stage 1 of 4 · 1% · held since an unknown time, of 30 m · next 10%",
  },
])("at $pct%: $text", ({ pct, changes, text }) => {
  expect(stageRail(RUNBOOK_PLAN, { changes, present: pct, now: NOW }).text).toBe(text);
});

test("past the last stage of a plan that ends early", () => {
  const rail = stageRail([{ pct: 50, hold: "45s" }], { changes: [], present: 75, now: NOW });
  expect(rail.text).toBe("past stage 1, the last · 75% · no next stage");
  expect(rail.document).toMatchObject({ number: null, holdMs: null, nextPct: null });
});

test.each([
  [0, "0 s"],
  [45_000, "45 s"],
  [3_600_000, "1 h"],
  [90_061_000, "1 d 1 h"],
])("%i ms are %s", (ms, text) => {
  expect(spanText(ms)).toBe(text);
});
