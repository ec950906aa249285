import { setTimeout as sleep } from "node:timers/promises";
import type { OperatorStore } from "@edgezero/stores/operator-store";
import { StoreConflictError } from "@edgezero/stores/operator-store";
import { describe, expect, test } from "vitest";
import type { CoordinatedStoreFixture } from "./coordinated-store.ts";
import { AT_10, coordinationOf, openForTwo } from "./coordinated-store.ts";
import { guardOver } from "./write-guard.ts";

const WRITERS = 8;

/** The optional abilities of an implementation. */
export interface RollbackMarkTraits {
  /** Whether `overwrite` leaves the mark in the same step. */
  readonly marksByOverwrite: boolean;
}

/** The contract of `RollbackMark`, and of the changes that are older than a rollback. */
export function describeRollbackMark(
  { marksByOverwrite }: RollbackMarkTraits,
  open: () => Promise<CoordinatedStoreFixture>,
): void {
  async function rollBack(store: OperatorStore, pct: string): Promise<void> {
    if (!marksByOverwrite) await coordinationOf(store).mark.leave("bob");
    await store.overwrite({ edgezero_rollout_pct: pct }, "bob");
  }

  describe("rollback mark contract", () => {
    const at = openForTwo(open);

    test("is null where there was no rollback", async () => {
      expect(await coordinationOf(at.anns).mark.read()).toBeNull();
    });

    test("differs for each rollback, and is the same for all readers", async () => {
      const marks = new Set<string | null>();
      for (let i = 0; i < 5; i++) {
        await coordinationOf(at.bobs).mark.leave("bob");
        const mark = await coordinationOf(at.anns).mark.read();
        expect(mark).not.toBeNull();
        expect(await coordinationOf(at.bobs).mark.read()).toBe(mark);
        marks.add(mark);
      }
      expect(marks.size).toBe(5);
    });

    test("a change that began before a rollback is refused, which says who has rolled back", async () => {
      const guard = await guardOver(at.anns, AT_10);
      await rollBack(at.bobs, "0");
      const expected = { ...AT_10, edgezero_rollout_pct: "0" };
      const writing = at.anns.write({ edgezero_rollout_pct: "50" }, { ...guard, expected });
      await expect(writing).rejects.toThrow(StoreConflictError);
      await expect(writing).rejects.toThrow("bob has rolled back meanwhile");
      expect(await at.fixture.stored()).toEqual(expected);
    });

    test("so is one whose values the rollback left as they were", async () => {
      const guard = await guardOver(at.anns, AT_10);
      await rollBack(at.bobs, "10");
      const writing = at.anns.write({ edgezero_rollout_pct: "50" }, guard);
      await expect(writing).rejects.toThrow(StoreConflictError);
      expect(await at.fixture.stored()).toEqual(AT_10);
    });

    test("a change that began after a rollback is made", async () => {
      await rollBack(at.bobs, "0");
      const guard = await guardOver(at.anns, { ...AT_10, edgezero_rollout_pct: "0" });
      await at.anns.write({ edgezero_rollout_pct: "5" }, guard);
      expect(await at.fixture.stored()).toEqual({ ...AT_10, edgezero_rollout_pct: "5" });
    });

    test("many change at once: nothing that began before a rollback is written after it", async () => {
      for (let round = 0; round < 3; round++) {
        const mark = await coordinationOf(at.anns).mark.read();
        const end = new AbortController();
        let written = 0;
        const change = async (i: number): Promise<void> =>
          changeUntil(end.signal, at.fixture.open(), `op-${i}`, mark, () => void written++);
        const changes = Promise.all(Array.from({ length: WRITERS }, async (_, i) => change(i)));
        await expect.poll(() => written, { interval: 1 }).toBeGreaterThan(2);
        await sleep(Math.random() * 50);
        await rollBack(at.bobs, "0");
        const after = new Set<string | null>();
        for (let i = 0; i < 20; i++) {
          after.add((await at.fixture.stored()).edgezero_rollout_pct);
          await sleep(10);
        }
        end.abort();
        await changes;
        after.add((await at.fixture.stored()).edgezero_rollout_pct);
        expect([...after]).toEqual(["0"]);
      }
    });
  });
}

/** Changes the value to 50 and back, again and again, as of the rollback `mark`. */
async function changeUntil(
  signal: AbortSignal,
  store: OperatorStore,
  who: string,
  mark: string | null,
  onWritten: () => void,
): Promise<void> {
  while (!signal.aborted) {
    const attempt = await coordinationOf(store).lock.take(who, "set");
    if (attempt.kind === "busy") {
      await sleep(1 + Math.random() * 10);
      continue;
    }
    const { lock } = attempt;
    try {
      const expected = await store.read();
      await store.write({ edgezero_rollout_pct: "50" }, { expected, lock, mark });
      onWritten();
      const changed = { ...expected, edgezero_rollout_pct: "50" };
      await store.write({ edgezero_rollout_pct: "0" }, { expected: changed, lock, mark });
      onWritten();
    } catch (error) {
      if (!(error instanceof StoreConflictError)) throw error;
    } finally {
      await lock.release();
    }
  }
}
