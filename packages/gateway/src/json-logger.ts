import { printableJson } from "@edgezero/faults/printable";
import type { LogFields, Logger, LogLevel } from "@edgezero/rollout";
import type { LogThreshold } from "@edgezero/settings";
import { LOG_LEVELS } from "@edgezero/settings";

/** How high each level is. Asked for with each request, and an engine without a JIT is slow to search. */
const HEIGHT = Object.fromEntries(
  LOG_LEVELS.map((threshold, height) => [threshold, height]),
) as Readonly<Record<LogThreshold, number>>;

/** Settings of {@link createJsonLogger}. */
export interface JsonLoggerOptions {
  /** The lowest level that is written. Asked for each line, so it may be found out late. */
  readonly threshold: () => LogThreshold;
  /** Writes one line, without a line end. */
  readonly write: (line: string) => void;
}

/**
 * A logger that writes one-line JSON. The level is checked before a line is formatted. Characters that
 * steer a terminal or turn the direction of text are escapes.
 */
export function createJsonLogger({ threshold, write }: JsonLoggerOptions): Logger {
  function isLevelEnabled(level: LogLevel): boolean {
    return HEIGHT[level] >= HEIGHT[threshold()];
  }

  function writer(level: LogLevel): (message: string, fields?: LogFields) => void {
    return (message, fields) => {
      if (isLevelEnabled(level))
        write(printableJson(JSON.stringify({ level, message, ...fields })));
    };
  }

  return {
    debug: writer("debug"),
    info: writer("info"),
    warn: writer("warn"),
    error: writer("error"),
    isLevelEnabled,
  };
}
