import { describe, expect, test } from "vitest";
import { effectiveChanges, effectivePct } from "./effective-changes.ts";
import type { Entry, NewEntry } from "./entry.ts";
import { noteOf, NO_HASH, sha256 } from "./entry.ts";
import type { JournalContent } from "./journal.ts";

const STORE = "file:/rollout.json";
const at = (pct: string, enabled = "true") => ({
  edgezero_enabled: enabled,
  edgezero_rollout_pct: pct,
});
const base = { change: "a", command: "set", who: "ann", store: STORE } as const;
const intent = (from: ReturnType<typeof at> | null, to: string): NewEntry => ({
  ...base,
  kind: "intent",
  from,
  to: { edgezero_rollout_pct: to },
  reason: null,
});
const result = (
  values: ReturnType<typeof at> | null,
  ended: "verified" | "failed" | "unverified" = "verified",
): NewEntry => ({ ...base, kind: "result", result: ended, values, detail: null });

/** A journal of these entries, a second apart, as it was written. */
function journalOf(
  added: readonly NewEntry[],
  parts: Partial<JournalContent> = {},
): JournalContent {
  const entries: Entry[] = [];
  const hashes: string[] = [];
  for (const [index, entry] of added.entries()) {
    const prev = hashes.at(-1) ?? NO_HASH;
    const chained = { ...entry, seq: index + 1, at: time(index), prev } as Entry;
    entries.push(chained);
    hashes.push(sha256(JSON.stringify(chained)));
  }
  const head = hashes.at(-1) ?? NO_HASH;
  return {
    entries,
    hashes,
    head,
    archived: null,
    findings: [],
    tornBytes: 0,
    unguarded: null,
    vouched: entries.length,
    ...parts,
  };
}

const time = (second: number): string => new Date(second * 1000).toISOString();
const seen = (journal: JournalContent): [number, number][] =>
  effectiveChanges(journal, STORE).map((change) => [change.at / 1000, change.effective]);

const SET_10 = [intent(at("1"), "10"), result(at("10"))];

describe("the percentages on record", () => {
  test("are those before and after each change", () => {
    expect(seen(journalOf(SET_10))).toEqual([
      [0, 1],
      [1, 10],
    ]);
  });

  test("are what was read back, however the change ended", () => {
    const failed = [intent(at("10"), "50"), result(at("10"), "failed")];
    const unknown = [intent(null, "50"), result(null, "unverified")];
    expect(seen(journalOf([...failed, ...unknown])).map(([, pct]) => pct)).toEqual([10, 10]);
  });

  test("of another store are not this one's", () => {
    const other = { ...result(at("50")), store: "redis://other" } as NewEntry;
    expect(seen(journalOf([...SET_10, other])).map(([, pct]) => pct)).toEqual([1, 10]);
  });

  test("say where a hold was begun that had no date", () => {
    const begun = noteOf("hold-begun", { who: "ann", store: STORE, detail: "", values: at("10") });
    const found = effectiveChanges(journalOf([...SET_10, begun]), STORE);
    expect(found.map(({ beginsHold }) => beginsHold)).toEqual([false, false, true]);
    expect(found.at(-1)).toMatchObject({ at: 2000, effective: 10 });
    const unvouched = effectiveChanges(journalOf([...SET_10, begun], { vouched: 2 }), STORE);
    expect(unvouched.at(-1)).toMatchObject({ effective: 10, beginsHold: false });
  });

  test("are empty where the end is in doubt, though its entries fit each other", () => {
    expect(seen(journalOf(SET_10, { vouched: 0 }))).toEqual([]);
  });

  test("begin after an entry that was changed, or a gap", () => {
    const whole = journalOf([...SET_10, ...SET_10]);
    const hashes = whole.hashes.with(1, "other");
    expect(seen({ ...whole, hashes })).toEqual([
      [2, 1],
      [3, 10],
    ]);
  });

  test("begin after an entry with another number, and not with a beginning that is missing", () => {
    const whole = journalOf([...SET_10, ...SET_10]);
    const [first, second, third, last] = whole.entries as [Entry, Entry, Entry, Entry];
    expect(
      seen({ ...whole, entries: [first, second, { ...third, seq: 7 }, { ...last, seq: 8 }] }),
    ).toEqual([[3, 10]]);
    const end = { entries: [third, last], hashes: whole.hashes.slice(2) };
    expect(seen({ ...whole, ...end })).toEqual([[3, 10]]);
  });
});

test.each([
  [at("10"), 10],
  [at("10", "1"), 10],
  [at("10", "false"), 0],
  [at("101"), 0],
  [{ edgezero_enabled: "true", edgezero_rollout_pct: null }, 0],
])("%j put %i%% in force", (values, pct) => {
  expect(effectivePct(values)).toBe(pct);
});
