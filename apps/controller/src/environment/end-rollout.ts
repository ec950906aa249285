import { withDeadline } from "@edgezero/faults/deadline";
import { messageOf } from "@edgezero/faults/faults";
import type { Rollbacks } from "../effects/rollbacks.ts";
import type { RolloutCore } from "./core.ts";
import type { StoreWatch } from "./store-watch.ts";

/** How long the proof of a 0, or a raise that is under way, may go on when the controller ends. */
const END_MS = 10_000;

/** How long a controller that has lost its lease goes on with a 0 that it owes. */
const LAST_ZERO_MS = 3000;

/**
 * Ends what is under way. A 0 that is owed is written before the process ends, and is tried for ever: clients
 * get EdgeZero until it is there, and the next process may be far away. Only the end of the process cuts it.
 */
export async function endRollout(
  core: RolloutCore,
  rollbacks: Rollbacks,
  settled: () => Promise<void>,
): Promise<void> {
  const { name, logger } = core;
  const { phase } = core.state();
  if (phase.name === "rolling-back" && phase.rollback.writtenAt === null) {
    const { id, cause } = phase.rollback;
    logger.warn("the end waits until 0 is written", { environment: name, id });
    rollbacks.write(id, cause);
  }
  await rollbacks.written();
  await withDeadline(END_MS, settled).catch(() => {
    logger.warn("ended before all was proven or read back", { environment: name });
  });
}

/**
 * Gives a 0 that is owed a last chance, where another controller leads by now. That one may not know of it:
 * an operator's rollback that could not be saved is in this process alone. So is a 0 that a failover has lost
 * together with the state: the lease on the replica is old, and another controller may take it first.
 */
export async function writeOwedZero(
  core: RolloutCore,
  rollbacks: Rollbacks,
  { hasLostZero }: Pick<StoreWatch, "hasLostZero">,
): Promise<void> {
  const { phase } = core.state();
  if (!("rollback" in phase)) return;
  const { id, cause, writtenAt } = phase.rollback;
  const isOwed = phase.name === "rolling-back" && writtenAt === null;
  const end = async (): Promise<void> => {
    if (!isOwed && !(await hasLostZero())) return;
    rollbacks.write(id, cause);
    await rollbacks.written();
  };
  await withDeadline(LAST_ZERO_MS, end).catch((error: unknown) => {
    const why = core.place.safe(messageOf(error));
    const known = isOwed
      ? "the lease was lost before 0 was written"
      : "the lease was lost, and whether the store still has the 0 is not known";
    core.logger.error(known, { environment: core.name, why });
  });
}
