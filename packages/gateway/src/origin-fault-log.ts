import { errorCode, messageOf } from "@edgezero/faults/faults";
import type { Logger, RolloutPath } from "@edgezero/rollout";
import type { OriginFault } from "@edgezero/rollout/attribution";
import { onceAMinute } from "./once-a-minute.ts";

/** Reports an origin's fault. */
export type OriginFaultLog = (kind: OriginFault, fault: unknown) => void;

/**
 * Makes the log of an origin's faults: for each kind and code one line a minute at warn, with the count
 * since the line before. Each fault has a line at debug.
 */
export function createOriginFaultLog(
  path: RolloutPath,
  logger: Logger,
  now?: () => number,
): OriginFaultLog {
  // Codes are those of a platform, so that there are few.
  const says = new Map<string, (error: string) => void>();

  return (kind, fault) => {
    const code = faultCode(fault);
    const error = messageOf(fault);
    logger.debug("origin failed", { path, kind, code, error });
    const key = `${kind} ${code}`;
    let say = says.get(key);
    if (say === undefined) {
      say = onceAMinute((count, last: string) => {
        logger.warn("the origin failed", { path, kind, code, error: last, count });
      }, now);
      says.set(key, say);
    }
    say(error);
  };
}

/**
 * The code of a fault, or its name. Several addresses of one name fail with one fault each, in a fault
 * without a code of its own; undici's parser gives no code.
 */
export function faultCode(fault: unknown): string {
  if (fault instanceof AggregateError) return errorCode(fault) || errorCode(fault.errors[0]);
  return errorCode(fault) || (fault instanceof Error ? fault.name : "");
}
