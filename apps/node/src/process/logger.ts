import { printableJson } from "@edgezero/faults/printable";
import type { Logger, LogLevel } from "@edgezero/rollout";
import type { DestinationStream } from "pino";
import { pino } from "pino";

/**
 * Creates a logger that writes JSON lines.
 *
 * Only the setting `LOG_LEVEL` sets the level. `EDGEZERO_LOG_LEVEL` and `FASTLY_HOSTNAME` have no
 * effect here: they belong to the Fastly gateway.
 */
export function createLogger(level: string, stream: DestinationStream): Logger {
  // Characters that steer a terminal or turn its writing direction are written as escapes.
  const safe: DestinationStream = { write: (line) => stream.write(printableJson(line)) };
  const lines = pino({ level }, safe);
  // Looked up once: the level never changes, and every request needs it.
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
