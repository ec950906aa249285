import { messageOf } from "@edgezero/faults/faults";
import type { Logger } from "@edgezero/rollout";

/** Where in the loop of an environment something threw. */
export type LoopPart =
  | "store"
  | "gateways"
  | "source"
  | "event"
  | "effect"
  | "view"
  | "history"
  | "end of tick";

/** Settings of {@link createOwnFaults}. */
export interface OwnFaultsOptions {
  readonly environment: string;
  readonly logger: Logger;
  /** Takes secrets out of a text. */
  readonly safe: (text: string) => string;
  /** Hears of each fault, after it was logged. A fault of a view changes nothing of what is decided. */
  readonly onFault: (part: LoopPart) => void;
}

/**
 * Keeps a fault in one part of an environment's loop from ending the others: it is logged and told, and the
 * loop goes on.
 */
export interface OwnFaults {
  /** Runs a part; gives `null` where it threw. */
  guard<T>(part: LoopPart, action: () => T): T | null;
  /** The same for a part that takes time. Never rejects. */
  guardAsync(part: LoopPart, action: () => Promise<void>): Promise<void>;
  report(part: LoopPart, error: unknown): void;
}

export function createOwnFaults(options: OwnFaultsOptions): OwnFaults {
  const { environment, logger, safe, onFault } = options;

  function report(part: LoopPart, error: unknown): void {
    const why = safe(messageOf(error));
    // A fault of this program: where it is says more than its message.
    const stack = error instanceof Error ? safe(error.stack ?? "") : "";
    logger.error("the controller has a fault of its own", { environment, part, why, stack });
    onFault(part);
  }

  return {
    report,
    guard(part, action) {
      try {
        return action();
      } catch (error) {
        report(part, error);
        return null;
      }
    },
    async guardAsync(part, action) {
      try {
        await action();
      } catch (error) {
        report(part, error);
      }
    },
  };
}
