import type { StoredValues, WriteGuard } from "@edgezero/stores/operator-store";

/** A guard for a test of the values alone: by a lock that nobody keeps, before any rollback. */
export function guardOver(expected: StoredValues): WriteGuard {
  const lock = { fence: "test", takenFrom: null, release: async () => {} };
  return { expected, lock, mark: null };
}
