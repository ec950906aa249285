/** Work that is under way, and whose faults are told to one place. */
export interface Pending {
  /** Resolves when the work has ended, well or not. */
  track(work: Promise<void>): Promise<void>;
  isEmpty(): boolean;
  /** Resolves once nothing is under way. */
  settled(): Promise<void>;
}

/** @param onFault Hears what tracked work has thrown. It must not throw. */
export function createPending(onFault: (error: unknown) => void): Pending {
  const pending = new Set<Promise<void>>();
  return {
    track(work) {
      const caught = work.catch(onFault);
      pending.add(caught);
      void caught.finally(() => pending.delete(caught));
      return caught;
    },
    isEmpty: () => pending.size === 0,
    async settled() {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}
