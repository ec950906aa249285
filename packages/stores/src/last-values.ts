import type { StoredValues } from "./operator-store.ts";

/** Values that an earlier process read. Times are of `performance.now()`, also of before this process. */
export interface KeptValues {
  readonly values: StoredValues;
  readonly readAt: number;
  /** From then on they may not be used. */
  readonly standsUntil: number;
}

/** Keeps the last values of a config store for the next process. No method throws. */
export interface LastValues {
  /** The values to go by until the store is read; `null` where there are no values that may be used. */
  readonly kept: KeptValues | null;
  /** To be called after each read, before anything obeys it: no restart may then undo a rollback. */
  keep(values: StoredValues, readAt: number): void;
  /** To be called where the store was seen to have no usable values. */
  forget(): void;
}

/** Keeps nothing. */
export const NO_LAST_VALUES: LastValues = { kept: null, keep() {}, forget() {} };
