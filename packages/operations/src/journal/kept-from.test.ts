import type { Verdict } from "@edgezero/progression/plan";
import { gate } from "@edgezero/progression/plan";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { effectiveChanges } from "./effective-changes.ts";
import type { Entry } from "./entry.ts";
import { NO_HASH, sha256 } from "./entry.ts";
import type { JournalContent } from "./journal.ts";
import { journalStateOf } from "./journal-state.ts";
import { keptFrom } from "./kept-from.ts";

const STORE = "test:";
const PLAN = [
  { pct: 1, hold: "1h" },
  { pct: 10, hold: "1h" },
  { pct: 100, hold: "1h" },
];
const base = { who: "ann@test", store: STORE } as const;
const valuesAt = (pct: number) => ({
  edgezero_enabled: "true",
  edgezero_rollout_pct: String(pct),
});

type Step = { readonly kind: Entry["kind"]; readonly pct: number; readonly minutes: number };

/** A journal of steps; a step may go back in time, as a clock does. */
function journalOf(steps: readonly Step[]): JournalContent {
  const entries: Entry[] = [];
  const hashes: string[] = [];
  let at = Date.UTC(2026, 0, 1);
  let change = 0;
  for (const { kind, pct, minutes } of steps) {
    at += minutes * 60_000;
    const values = valuesAt(pct);
    if (kind === "intent") change += 1;
    const chained = { seq: entries.length + 1, at: new Date(at).toISOString(), ...base };
    const prev = hashes.at(-1) ?? NO_HASH;
    const named = { change: `c${change}`, command: "set" } as const;
    const entry: Entry = {
      intent: { ...chained, prev, kind, ...named, from: values, to: values, reason: null },
      result: { ...chained, prev, kind, ...named, result: "written", values, detail: null },
      note: {
        ...chained,
        prev,
        kind,
        note: pct === 10 ? "hold-begun" : "controller-moved",
        detail: "",
        values: pct === 10 ? values : null,
        torn: null,
      },
    }[kind] as Entry;
    entries.push(entry);
    hashes.push(sha256(JSON.stringify(entry)));
  }
  const head = hashes.at(-1) ?? NO_HASH;
  const whole = { findings: [], tornBytes: 0, unguarded: null, archived: null };
  return { entries, hashes, head, ...whole, vouched: entries.length };
}

/** The journal without its first entries, as it is once they are archived. */
function cut(content: JournalContent, count: number): JournalContent {
  const hash = content.hashes[count - 1] ?? NO_HASH;
  return {
    ...content,
    entries: content.entries.slice(count),
    hashes: content.hashes.slice(count),
    vouched: content.vouched - count,
    archived: { entries: count, hash, place: "", who: "", at: "" },
  };
}

function verdictOf(content: JournalContent, present: number, now: number): Verdict {
  return gate(PLAN, { changes: effectiveChanges(content, STORE), present, now }, 100);
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("intent", "result", "note"),
  pct: fc.constantFrom(0, 1, 10),
  minutes: fc.integer({ min: -30, max: 90 }),
});

test("what is archived changes neither the state of changes nor the verdict of a hold", () => {
  let moved = 0;
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 1, maxLength: 30 }),
      fc.constantFrom(0, 1, 10),
      fc.integer({ min: 0, max: 200 }),
      (steps, present, minutes) => {
        const before = journalOf(steps);
        const count = keptFrom(before);
        const after = cut(before, count);
        moved += count;
        expect(after.entries.length).toBeGreaterThan(0);
        expect(journalStateOf(after.entries)).toEqual(journalStateOf(before.entries));
        const now = Date.parse(before.entries.at(-1)?.at ?? "") + minutes * 60_000;
        expect(verdictOf(after, present, now)).toEqual(verdictOf(before, present, now));
      },
    ),
    { numRuns: 2000 },
  );
  expect(moved).toBeGreaterThan(1000);
});
