import type { Entry, NewEntry } from "@edgezero/operations/journal/entry";
import type { Journal } from "@edgezero/operations/journal/journal";
import { journalStateOf } from "@edgezero/operations/journal/journal-state";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

/** A journal under test that does not exist yet. */
export interface JournalFixture {
  readonly journal: Journal;
  /** Opens the same journal once more, as another operator does. */
  openAgain(): Journal;
  close(): Promise<void>;
}

const AT_10 = { edgezero_enabled: "true", edgezero_rollout_pct: "10" };

/** The entries of a change: the one before the write, and the one after it. */
function entriesOf(change: string, reason: string | null = null): [NewEntry, NewEntry] {
  const base = { change, command: "set", who: "ann@test", store: "test:" } as const;
  const to = { edgezero_rollout_pct: "10" };
  return [
    { ...base, kind: "intent", from: null, to, reason },
    { ...base, kind: "result", result: "written", values: AT_10, detail: null },
  ];
}

const changesOf = (entries: readonly Entry[]): string[] =>
  entries.flatMap((entry) => (entry.kind === "note" ? [] : [entry.change]));

/**
 * The contract of `Journal`, which every implementation runs:
 *
 * ```ts
 * describe("file journal", () => {
 *   describeJournal(async () => openFixture());
 * });
 * ```
 */
export function describeJournal(open: () => Promise<JournalFixture>): void {
  describe("journal contract", () => {
    let fixture: JournalFixture;
    let journal: Journal;
    beforeEach(async () => {
      fixture = await open();
      ({ journal } = fixture);
    });
    afterEach(async () => fixture.close());

    test("one that does not exist is empty and whole", async () => {
      expect(await journal.read()).toEqual({
        entries: [],
        hashes: [],
        head: "0".repeat(64),
        archived: null,
        findings: [],
        tornBytes: 0,
        unguarded: null,
        vouched: 0,
      });
    });

    test("entries are numbered and chained in their order, across openers", async () => {
      await journal.append(entriesOf("a"));
      await fixture.openAgain().append(entriesOf("b"));
      const { entries, hashes, head, findings } = await journal.read();
      expect(findings).toEqual([]);
      expect(changesOf(entries)).toEqual(["a", "a", "b", "b"]);
      expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
      expect(entries.map(({ prev }) => prev)).toEqual(["0".repeat(64), ...hashes.slice(0, -1)]);
      expect(hashes.at(-1)).toBe(head);
    });

    test("what one has appended, another reads, with the time of the append", async () => {
      const before = Date.now();
      await journal.append(entriesOf("a"));
      const [intent, result] = (await fixture.openAgain().read()).entries;
      expect(intent).toMatchObject({ kind: "intent", who: "ann@test", from: null, reason: null });
      expect(result).toMatchObject({ kind: "result", result: "written", values: AT_10 });
      const at = Date.parse(intent?.at ?? "");
      expect(at).toBeGreaterThanOrEqual(before - 1);
      expect(at).toBeLessThanOrEqual(Date.now() + 1);
    });

    test.each(["日本語 🙂", 'a "quoted"\nreason', "x".repeat(20_000), "\u2028"])(
      "a reason comes back as it was given: %j",
      async (reason) => {
        await journal.append(entriesOf("a", reason));
        expect((await journal.read()).entries[0]).toMatchObject({ reason });
      },
    );

    test("many at once all get in, and nothing comes between entries of one append", async () => {
      const names = Array.from({ length: 6 }, (_, i) => `change ${i}`);
      const writers = [journal, fixture.openAgain(), fixture.openAgain()];
      await Promise.all(
        names.map(async (name, i) => writers[i % writers.length]?.append(entriesOf(name))),
      );
      const { entries, findings } = await journal.read();
      const changes = changesOf(entries);
      expect(findings).toEqual([]);
      expect(new Set(changes)).toEqual(new Set(names));
      expect(changes.filter((_, i) => i % 2 === 0)).toEqual(changes.filter((_, i) => i % 2 === 1));
    });

    test("its entries tell which change is unfinished", async () => {
      const [intent, result] = entriesOf("a");
      await journal.append([intent]);
      const begun = journalStateOf((await journal.read()).entries);
      expect(begun.unfinished.map(({ change }) => change)).toEqual(["a"]);
      await journal.append([result]);
      const ended = journalStateOf((await journal.read()).entries);
      expect(ended.unfinished).toEqual([]);
      expect(ended.lastChange?.result.result).toBe("written");
      expect(ended.lastValues?.values).toEqual(AT_10);
    });

    test("has a place where operators meet: another opener sees lock and mark", async () => {
      const there = fixture.openAgain().coordination;
      expect(await there.mark.read()).toBeNull();
      const attempt = await journal.coordination.lock.take("ann@test", "set");
      await journal.coordination.mark.leave("bob@test");
      expect(attempt.kind).toBe("held");
      expect(await there.lock.holder()).toMatchObject({ who: "ann@test", command: "set" });
      expect(await there.mark.read()).toContain("bob@test");
    });

    test("says where it is", () => {
      expect(journal.location).not.toBe("");
      expect(journal.coordination.location).not.toBe("");
    });
  });
}
