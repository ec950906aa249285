/** The fields of a log line, beside its message. */
export type LogFields = Readonly<Record<string, string | number | boolean>>;

/** The severity of a log line, lowest first. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/**
 * Where the core writes its log lines. Nothing that a logger does can break a request: a throw or
 * a rejection is ignored.
 *
 * The message comes first. A logger that wants the fields first, such as pino, loses them unless it
 * is wrapped: `warn: (message, fields) => logger.warn(fields, message)`.
 */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /**
   * Whether lines of `level` are written at all. The core asks before it formats a debug line for
   * a request; without this method it formats every one.
   */
  isLevelEnabled?(level: LogLevel): boolean;
}

/** Writes a debug line, which is formatted only when debug lines are written. */
export function debug(logger: Logger | undefined, format: () => string, fields?: LogFields): void {
  try {
    if (logger && logger.isLevelEnabled?.("debug") !== false) {
      void attempt(() => logger.debug(format(), fields));
    }
  } catch {
    // A logger that throws when asked for its level changes nothing either.
  }
}

/**
 * Calls a function of the user's that must not break a request. It is called at once. Resolves with
 * its answer, or with `undefined` where it throws or rejects.
 */
export async function attempt<T>(call: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch {
    // The request matters more than its log line.
    return undefined;
  }
}
