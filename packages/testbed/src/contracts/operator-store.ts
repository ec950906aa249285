import { guardOver } from "./write-guard.ts";
import { EDGEZERO_ENABLED_KEY as FLAG, EDGEZERO_ROLLOUT_PCT_KEY as PCT } from "@edgezero/rollout";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Changes, OperatorStore, StoredValues } from "@edgezero/stores/operator-store";
import { StoreConflictError } from "@edgezero/stores/operator-store";

/** A real store under test, and functions that reach into it past the code under test. */
export interface OperatorStoreFixture {
  readonly store: OperatorStore;
  /** The stored values now, seen from outside. */
  stored(): Promise<StoredValues>;
  /** Sets the given keys and deletes the others, from outside; resolves once a read would see it. */
  set(values: Changes): Promise<void>;
  /** Opens the same store once more, as another operator does. The suite closes it. */
  openAgain(): Promise<OperatorStore>;
  close(): Promise<void>;
}

/** The optional abilities of an implementation. */
export interface OperatorStoreTraits {
  /** Whether `write` compares with `expected`. */
  readonly comparesFirst: boolean;
  /** Credentials that no text may hold. */
  readonly secrets?: readonly string[];
}

/** Values that must come back unchanged, since a store does not parse them. */
const VALUES = [
  "true",
  "false",
  " 50 ",
  "+7",
  "100%",
  "a=b&c=d",
  "\u0085true\u0085",
  "\ufeff50",
  "50\n",
  "1\r\n2",
  "日本語 🙂",
  '{"not":"parsed"}',
  "x".repeat(2000),
];

/**
 * The contract of `OperatorStore`, which every implementation runs:
 *
 * ```ts
 * describe("file store", () => {
 *   describeOperatorStore({ comparesFirst: true }, async () => openFixture());
 * });
 * ```
 *
 * The fixture starts with a store that exists and holds neither key.
 */
export function describeOperatorStore(
  { comparesFirst, secrets = [] }: OperatorStoreTraits,
  open: () => Promise<OperatorStoreFixture>,
): void {
  describe("operator store contract", () => {
    let fixture: OperatorStoreFixture;
    let store: OperatorStore;
    const opened: OperatorStore[] = [];
    beforeEach(async () => {
      fixture = await open();
      ({ store } = fixture);
    });
    afterEach(async () => {
      for (const another of [...opened.splice(0), store]) await another.close();
      await fixture.close();
    });

    test("absent keys are null", async () => {
      expect(await store.read()).toEqual({ [FLAG]: null, [PCT]: null });
    });

    test("reads what another has written, at each call", async () => {
      for (const [flag, pct] of [
        ["true", "10"],
        ["false", "20"],
      ] as const) {
        await fixture.set({ [FLAG]: flag, [PCT]: pct });
        expect(await store.read()).toEqual({ [FLAG]: flag, [PCT]: pct });
      }
      await fixture.set({ [PCT]: "30" });
      expect(await store.read()).toEqual({ [FLAG]: null, [PCT]: "30" });
    });

    test.each(VALUES)(
      "a value comes back as it was written, from both sides: %j",
      async (value) => {
        await fixture.set({ [FLAG]: value });
        expect(await store.read()).toEqual({ [FLAG]: value, [PCT]: null });
        await store.overwrite({ [PCT]: value }, "ann");
        expect(await fixture.stored()).toEqual({ [FLAG]: value, [PCT]: value });
        expect(await store.read()).toEqual({ [FLAG]: value, [PCT]: value });
      },
    );

    test("an empty value is not an absent one", async () => {
      await fixture.set({ [FLAG]: "", [PCT]: "10" });
      expect(await store.read()).toEqual({ [FLAG]: "", [PCT]: "10" });
    });

    test("writes both, or one and leaves the other", async () => {
      await store.overwrite({ [FLAG]: "true", [PCT]: "10" }, "ann");
      expect(await fixture.stored()).toEqual({ [FLAG]: "true", [PCT]: "10" });
      await store.overwrite({ [PCT]: "20" }, "ann");
      expect(await fixture.stored()).toEqual({ [FLAG]: "true", [PCT]: "20" });
      await store.overwrite({ [FLAG]: "false" }, "ann");
      expect(await fixture.stored()).toEqual({ [FLAG]: "false", [PCT]: "20" });
    });

    test("what is read right after a write is what was written", async () => {
      for (let i = 0; i < 5; i++) {
        await store.overwrite({ [FLAG]: String(i % 2 === 0), [PCT]: String(i) }, "ann");
        expect(await store.read()).toEqual({ [FLAG]: String(i % 2 === 0), [PCT]: String(i) });
      }
    });

    test("two operators see each other's writes", async () => {
      const another = await fixture.openAgain();
      opened.push(another);
      await store.overwrite({ [FLAG]: "true", [PCT]: "10" }, "ann");
      await another.overwrite({ [PCT]: "0" }, "ann");
      expect(await store.read()).toEqual({ [FLAG]: "true", [PCT]: "0" });
      expect(await another.read()).toEqual({ [FLAG]: "true", [PCT]: "0" });
    });

    test.each(comparesFirst ? [true] : [])("writes only over what was expected", async () => {
      await fixture.set({ [FLAG]: "true", [PCT]: "10" });
      const guard = await guardOver(store, await store.read());
      await store.write({ [PCT]: "20" }, guard);
      expect(await fixture.stored()).toEqual({ [FLAG]: "true", [PCT]: "20" });
      await fixture.set({ [FLAG]: "true" });
      const writing = store.write({ [PCT]: "50" }, guard);
      await expect(writing).rejects.toThrow(StoreConflictError);
      expect(await fixture.stored()).toEqual({ [FLAG]: "true", [PCT]: null });
      await guard.lock.release();
    });

    test.each(comparesFirst ? [] : [false])(
      "writes over anything, whatever was expected",
      async () => {
        await fixture.set({ [FLAG]: "true", [PCT]: "10" });
        const guard = await guardOver(store, { [FLAG]: "false", [PCT]: null });
        await store.write({ [PCT]: "50" }, guard);
        expect(await fixture.stored()).toEqual({ [FLAG]: "true", [PCT]: "50" });
      },
    );

    test("checking whether it can be written changes nothing", async () => {
      await fixture.set({ [FLAG]: "true", [PCT]: "10" });
      await store.checkWritable?.();
      expect(await fixture.stored()).toEqual({ [FLAG]: "true", [PCT]: "10" });
    });

    test("says where it is and how long a change takes, without credentials", () => {
      for (const text of [store.location, store.propagation]) {
        expect(text).not.toBe("");
        for (const secret of secrets) expect(text).not.toContain(secret);
      }
    });
  });
}
