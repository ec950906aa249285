import { spawnSync } from "node:child_process";
import { hostname } from "node:os";
import type { ChangeLock, Holder, LockAttempt } from "@edgezero/stores/coordination";
import type { OperatorStore } from "@edgezero/stores/operator-store";
import { StoreConflictError } from "@edgezero/stores/operator-store";
import { describe, expect, test } from "vitest";
import type { CoordinatedStoreFixture } from "./coordinated-store.ts";
import { AT_10, coordinationOf, openForTwo } from "./coordinated-store.ts";
import { guardOver, lockOf } from "./write-guard.ts";

const TAKERS = 20;

/** The contract of `ChangeLock`, and of the writes that are made under it. */
export function describeChangeLock(open: () => Promise<CoordinatedStoreFixture>): void {
  describe("change lock contract", () => {
    const at = openForTwo(open);

    test("is free at first, and says where it is", async () => {
      expect(await lockOfStore(at.anns).holder()).toBeNull();
      expect(lockOfStore(at.anns).location).not.toBe("");
    });

    test("names its holder to all, and is free again after its release", async () => {
      const lock = await lockOf(coordinationOf(at.anns), "ann");
      const holder = { who: "ann", host: hostname(), pid: process.pid, command: "set" };
      expect(await take(at.bobs, "bob")).toMatchObject({ kind: "busy", holder });
      expect(await lockOfStore(at.bobs).holder()).toMatchObject(holder);
      const since = Date.parse((await lockOfStore(at.bobs).holder())?.since ?? "");
      expect(Math.abs(Date.now() - since)).toBeLessThan(60_000);
      await lock.release();
      expect(await lockOfStore(at.bobs).holder()).toBeNull();
      expect(await take(at.bobs, "bob")).toMatchObject({ kind: "held", lock: { takenFrom: null } });
    });

    test("of many that take it at once, one has it, and the others are told who", async () => {
      const stores = Array.from({ length: TAKERS }, () => at.fixture.open());
      const attempts = await Promise.all(stores.map(async (store, i) => take(store, `op-${i}`)));
      const winners = attempts.flatMap(({ kind }, i) => (kind === "held" ? [`op-${i}`] : []));
      expect(winners).toHaveLength(1);
      const told = attempts.flatMap((each) => (each.kind === "busy" ? [each.holder.who] : []));
      expect(new Set(told)).toEqual(new Set(winners));
    });

    test("every hold has another fence", async () => {
      const fences = new Set<string>();
      for (let i = 0; i < 3; i++) {
        const lock = await lockOf(coordinationOf(at.anns));
        fences.add(lock.fence);
        await lock.release();
      }
      expect(fences.size).toBe(3);
    });

    test("is taken over from a process of this host that has ended, by one only", async () => {
      const carols = left({});
      await at.fixture.leaveLock(carols);
      expect(await lockOfStore(at.anns).holder()).toBeNull();
      const stores = Array.from({ length: TAKERS }, () => at.fixture.open());
      const attempts = await Promise.all(stores.map(async (store) => take(store, "bob")));
      const held = attempts.filter(({ kind }) => kind === "held");
      expect(held).toMatchObject([{ lock: { takenFrom: carols } }]);
    });

    test.each([
      { name: "a process of this host that lives", holder: { pid: process.pid } },
      { name: "a process of another host", holder: { host: "elsewhere", pid: 1 } },
    ])("is not taken over from $name", async ({ holder }) => {
      const carols = left(holder);
      await at.fixture.leaveLock(carols);
      expect(await take(at.bobs, "bob")).toEqual({ kind: "busy", holder: carols });
      expect(await lockOfStore(at.bobs).holder()).toEqual(carols);
    });

    test("expires", async () => {
      await at.fixture.leaveLock(left({ host: "elsewhere" }));
      await at.fixture.expireLock();
      expect(await lockOfStore(at.anns).holder()).toBeNull();
      expect(await take(at.bobs, "bob")).toMatchObject({ kind: "held" });
    });

    test("a release that comes too late leaves the next holder its lock", async () => {
      const late = await lockOf(coordinationOf(at.anns), "ann");
      await at.fixture.expireLock();
      await lockOf(coordinationOf(at.bobs), "bob");
      await late.release();
      expect(await lockOfStore(at.anns).holder()).toMatchObject({ who: "bob" });
    });

    test("a release can be repeated", async () => {
      const lock = await lockOf(coordinationOf(at.anns));
      await lock.release();
      await lock.release();
      expect(await lockOfStore(at.anns).holder()).toBeNull();
    });

    test("a write under it is made, and a second one under it too", async () => {
      const guard = await guardOver(at.anns, AT_10);
      await at.anns.write({ edgezero_rollout_pct: "20" }, guard);
      const expected = { ...AT_10, edgezero_rollout_pct: "20" };
      await at.anns.write({ edgezero_rollout_pct: "30" }, { ...guard, expected });
      expect(await at.fixture.stored()).toEqual({ ...AT_10, edgezero_rollout_pct: "30" });
    });

    test.each([
      { name: "has expired", lose: async () => at.fixture.expireLock() },
      {
        name: "has expired, and another has it",
        async lose() {
          await at.fixture.expireLock();
          await lockOf(coordinationOf(at.bobs), "bob");
        },
      },
      {
        name: "was given back",
        lose: async (guard: { lock: { release(): Promise<void> } }) => guard.lock.release(),
      },
    ])("a write whose lock $name is refused", async ({ lose }) => {
      const guard = await guardOver(at.anns, AT_10);
      await lose(guard);
      const writing = at.anns.write({ edgezero_rollout_pct: "50" }, guard);
      await expect(writing).rejects.toThrow(StoreConflictError);
      await expect(writing).rejects.toThrow("the lock of this change has expired");
      expect(await at.fixture.stored()).toEqual(AT_10);
    });

    test("a rollback waits for no lock, and leaves it to its holder", async () => {
      const guard = await guardOver(at.anns, AT_10);
      await at.bobs.overwrite({ edgezero_rollout_pct: "0" }, "bob");
      expect(await at.fixture.stored()).toEqual({ ...AT_10, edgezero_rollout_pct: "0" });
      expect(await lockOfStore(at.bobs).holder()).toMatchObject({ who: "ann" });
      await guard.lock.release();
    });
  });
}

function lockOfStore(store: OperatorStore): ChangeLock {
  return coordinationOf(store).lock;
}

async function take(store: OperatorStore, who: string): Promise<LockAttempt> {
  return lockOfStore(store).take(who, "set");
}

/** The lock of an ended process of this host, with the given changes. */
function left(holder: Partial<Holder>): Holder {
  return {
    who: "carol",
    host: hostname(),
    pid: spawnSync(process.execPath, ["-e", ""]).pid,
    since: new Date().toISOString(),
    command: "set",
    ...holder,
  };
}
