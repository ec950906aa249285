import type { Logger, LogLevel } from "@edgezero/rollout";
import type { DestinationStream } from "pino";
import { pino } from "pino";

/**
 * A logger that writes JSON lines.
 *
 * The level is the setting `LOG_LEVEL` alone. `EDGEZERO_LOG_LEVEL` and `FASTLY_HOSTNAME` mean
 * nothing here: they belong to the Fastly gateway.
 */
export function createLogger(level: string, stream: DestinationStream): Logger {
  const lines = pino({ level }, stream);
  // Looked up once: the level never changes, and every request asks for it.
  const isEnabled: Record<LogLevel, boolean> = {
    debug: lines.isLevelEnabled("debug"),
    info: lines.isLevelEnabled("info"),
    warn: lines.isLevelEnabled("warn"),
    error: lines.isLevelEnabled("error"),
  };
  return {
    debug: (message, fields) => lines.debug(fields, message),
    info: (message, fields) => lines.info(fields, message),
    warn: (message, fields) => lines.warn(fields, message),
    error: (message, fields) => lines.error(fields, message),
    isLevelEnabled: (asked) => isEnabled[asked],
  };
}
