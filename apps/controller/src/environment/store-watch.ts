import { messageOf } from "@edgezero/faults/faults";
import type { Seen } from "../effects/place.ts";
import { readStore } from "../loop/read-store.ts";
import type { RolloutCore } from "./core.ts";

/** Reads the store, and tells the rollout what it has. */
export interface StoreWatch {
  /** Reads once, unless a read is under way. Never rejects. */
  ask(): Promise<void>;
  seen(): Seen | null;
  /** The mark of the last rollback; `null`: there is no mark. */
  mark(): string | null;
  /** Reads once, and tells whether the store has lost the 0 that this process wrote. Rejects where it cannot. */
  hasLostZero(): Promise<boolean>;
}

/**
 * @param known The mark that an earlier process saw; `undefined` where this is the first one.
 * @param onRead Is told of each read that succeeded.
 */
export function watchStore(
  core: RolloutCore,
  known: string | null | undefined,
  onRead: () => void,
): StoreWatch {
  let seen: Seen | null = null;
  let mark = known;
  let isReading = false;
  /** The mark before the rollback that is under way or over; `undefined` where this process did not see it. */
  let before: string | null | undefined;

  /**
   * Whether the store is again as it was before this controller's 0, with the mark of before: only a server
   * that has lost writes brings an old mark back. Known alone where a 0 and its mark are one write.
   */
  function isZeroLost({ mark: now, reading }: Seen, at: number): boolean {
    const { phase } = core.state();
    if (!("rollback" in phase)) {
      before = now;
      return false;
    }
    const { writtenAt, cause } = phase.rollback;
    const isOwn = cause.kind !== "outside" && writtenAt !== null && at >= writtenAt;
    const isOneWrite = core.place.leader !== null;
    return isOneWrite && isOwn && now === before && reading.state.rolloutPct !== 0;
  }

  function take(found: Seen, at: number): void {
    if (core.stop.aborted) return;
    const isLost = isZeroLost(found, at);
    const isRolledBack = mark !== undefined && mark !== found.mark;
    seen = found;
    mark = found.mark;
    const { rolloutPct, epoch } = found.reading.state;
    // Nothing was exposed, so the values cannot show it.
    if (isRolledBack && core.state().phase.name === "warming-up") {
      const by = "a rollback";
      const asked = { name: "reset", stage: null, keep: false, by, reason: null } as const;
      core.take({ type: "command", at, command: asked }, "someone has rolled back");
    }
    core.take({ type: "store", at, pct: rolloutPct, epoch, isRolledBack, isLost });
  }

  return {
    seen: () => seen,
    mark: () => mark ?? null,
    hasLostZero: async () => {
      const at = core.now();
      return isZeroLost(await readStore(core.place), at);
    },
    async ask() {
      if (isReading) return;
      isReading = true;
      const at = core.now();
      const { name, place, logger } = core;
      try {
        const found = await readStore(place);
        onRead();
        take(found, at);
      } catch (error) {
        const why = place.safe(messageOf(error));
        logger.warn("the store cannot be read", { environment: name, why });
      } finally {
        isReading = false;
      }
    },
  };
}
