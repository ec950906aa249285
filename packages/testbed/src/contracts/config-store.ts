import type { ConfigStore } from "@edgezero/rollout";
import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY, readRollout } from "@edgezero/rollout";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

/** The content of a store: the value of each key that is present. */
export type ConfigValues = Readonly<Record<string, string>>;

/** A real store under test, and functions that change it from outside. */
export interface ConfigStoreFixture {
  readonly store: ConfigStore;
  /** Replaces the whole content of the store; resolves once a read sees it. */
  write(values: ConfigValues): Promise<void>;
  /** Breaks the store, so that it cannot be opened; resolves once a read sees it. */
  breakStore(): Promise<void>;
  close(): Promise<void>;
}

/** Values that a store must return unchanged, since only the core parses them. */
const VALUES = [
  "true",
  "false",
  "",
  " 50 ",
  "+7",
  "\u0085true\u0085",
  "\ufeff50",
  "50\n",
  "日本語 🙂",
  "x".repeat(2000),
];

/** The contract of `ConfigStore`, for any implementation. */
export function describeConfigStore(open: () => Promise<ConfigStoreFixture>): void {
  describe("config store contract", () => {
    let fixture: ConfigStoreFixture;
    beforeEach(async () => {
      fixture = await open();
    });
    afterEach(async () => fixture.close());

    test.each(VALUES)("gives back a value as it was written: %j", async (value) => {
      await fixture.write({ [EDGEZERO_ENABLED_KEY]: value });
      expect(await fixture.store.get(EDGEZERO_ENABLED_KEY)).toBe(value);
    });

    test("answers null for an absent key, beside one that is present", async () => {
      await fixture.write({ [EDGEZERO_ENABLED_KEY]: "true" });
      expect(await fixture.store.get(EDGEZERO_ROLLOUT_PCT_KEY)).toBeNull();
    });

    test.each(["constructor", "__proto__", "toString"])(
      "answers null for %s, which every JavaScript object has",
      async (key) => {
        await fixture.write({ [EDGEZERO_ENABLED_KEY]: "true" });
        expect(await fixture.store.get(key)).toBeNull();
      },
    );

    test("sees a changed value, and a deleted key as absent", async () => {
      await fixture.write({ [EDGEZERO_ENABLED_KEY]: "true", [EDGEZERO_ROLLOUT_PCT_KEY]: "10" });
      await fixture.write({ [EDGEZERO_ENABLED_KEY]: "true", [EDGEZERO_ROLLOUT_PCT_KEY]: "20" });
      expect(await fixture.store.get(EDGEZERO_ROLLOUT_PCT_KEY)).toBe("20");
      await fixture.write({ [EDGEZERO_ENABLED_KEY]: "true" });
      expect(await fixture.store.get(EDGEZERO_ROLLOUT_PCT_KEY)).toBeNull();
    });

    test("a store that cannot be opened is store-unavailable, and recovers", async () => {
      const values = { [EDGEZERO_ENABLED_KEY]: "true", [EDGEZERO_ROLLOUT_PCT_KEY]: "10" };
      await fixture.write(values);
      await fixture.breakStore();
      expect((await readRollout(fixture.store)).reason).toBe("store-unavailable");
      await fixture.write(values);
      expect((await readRollout(fixture.store)).reason).toBe("bucket");
    });
  });
}
