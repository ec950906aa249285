import { endInterrupted } from "../effects/end-interrupted.ts";
import type { Rollbacks } from "../effects/rollbacks.ts";
import { outstanding } from "../loop/outstanding.ts";
import type { RolloutCore } from "./core.ts";

/** What an earlier process had under way. */
export interface Resumption {
  /** Whether a 0 is owed that this process has not begun to write. */
  owesZero(): boolean;
  /** Goes on with it; to be called after each question to the store, answered or not. */
  goOn(): void;
}

/** @param isResumed Whether there was an earlier process. */
export function createResumption(
  core: RolloutCore,
  rollbacks: Rollbacks,
  isResumed: boolean,
): Resumption {
  let due = outstanding(core.state());
  let isInterruptedDue = isResumed;

  function goOnWithRollback(): void {
    const { phase } = core.state();
    const rollback = "rollback" in phase ? phase.rollback : null;
    if (due.zero !== null && rollback?.id === due.zero && rollback.writtenAt === null) {
      rollbacks.write(rollback.id, rollback.cause);
    }
    if (due.proof !== null && rollback?.id === due.proof && phase.name !== "rolled-back") {
      rollbacks.prove(rollback.id);
    }
    due = { ...due, zero: null, proof: null };
  }

  function goOn(): void {
    goOnWithRollback();
    if (core.seen() === null) return;
    const { store } = core.place;
    if (due.raise !== null && core.state().raise?.id === due.raise && store.coordination !== null) {
      // It has not landed, and cannot any more: the lock of the process that ended is taken over.
      core.take({ type: "raised", at: core.now(), id: due.raise, written: false, epoch: null });
    }
    due = { ...due, raise: null };
    if (!isInterruptedDue) return;
    isInterruptedDue = false;
    core.track(endInterrupted(core.place).then(() => undefined));
  }

  return { owesZero: () => due.zero !== null, goOn };
}
