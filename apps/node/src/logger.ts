import type { Logger } from "@edgezero/rollout";
import type { DestinationStream } from "pino";
import { pino } from "pino";

/**
 * A logger that writes JSON lines, to standard output unless another stream is given.
 *
 * The level is the setting `LOG_LEVEL` alone. `EDGEZERO_LOG_LEVEL` and `FASTLY_HOSTNAME` mean
 * nothing here: they belong to the Fastly gateway.
 */
export function createLogger(level: string, stream?: DestinationStream): Logger {
  const lines = stream === undefined ? pino({ level }) : pino({ level }, stream);
  return {
    debug: (message, fields) => lines.debug(fields, message),
    info: (message, fields) => lines.info(fields, message),
    warn: (message, fields) => lines.warn(fields, message),
    error: (message, fields) => lines.error(fields, message),
    isLevelEnabled: (asked) => lines.isLevelEnabled(asked),
  };
}
