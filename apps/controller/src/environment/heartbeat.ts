import { withDeadline } from "@edgezero/faults/deadline";
import { messageOf } from "@edgezero/faults/faults";
import type { Logger } from "@edgezero/rollout";
import type { LeaseTerm } from "@edgezero/stores/lease";
import type { Clock } from "../loop/clock.ts";

/** A term has time for so many pauses and attempts: one attempt may hang or fail, and the next one counts. */
const RENEWALS = 4;

/** Settings of {@link keepLease}. */
export interface HeartbeatOptions {
  readonly environment: string;
  readonly term: Pick<LeaseTerm, "renew">;
  readonly termMs: number;
  /** Hears once that another process leads by now. */
  readonly onLost: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stop: AbortSignal;
}

/**
 * Renews a term until it is lost. Where the place cannot be reached it goes on: nobody else can begin to
 * lead there either, and nothing can be raised.
 */
export async function keepLease(options: HeartbeatOptions): Promise<void> {
  const { environment, term, termMs, onLost, clock, logger, stop } = options;
  let isSilent = false;
  while (!stop.aborted) {
    await clock.sleep(termMs / RENEWALS, stop);
    if (stop.aborted) return;
    try {
      const leads = await withDeadline(termMs / RENEWALS, async () => term.renew());
      if (isSilent) logger.info("the lease is renewed again", { environment });
      isSilent = false;
      if (leads) continue;
      if (!stop.aborted) onLost();
      return;
    } catch (error) {
      if (!isSilent)
        logger.warn("the lease cannot be renewed", { environment, why: messageOf(error) });
      isSilent = true;
    }
  }
}
