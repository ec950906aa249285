import type { LogFields, Logger, LogLevel } from "@edgezero/rollout";

/** A line as it was logged. */
export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields | undefined;
}

/** A logger, and its lines so far. */
export interface RecordingLogger extends Logger {
  readonly lines: LogLine[];
}

/** A logger that keeps its lines. */
export function recordingLogger(): RecordingLogger {
  const lines: LogLine[] = [];
  const at = (level: LogLevel) => (message: string, fields?: LogFields) => {
    lines.push({ level, message, fields });
  };
  return { lines, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** A logger whose methods all run the same action. */
export function loggerThat(does: () => unknown): Logger {
  const call = (): void => does() as void;
  return { debug: call, info: call, warn: call, error: call };
}

/** The messages of one level, in order. */
export function messages(logger: RecordingLogger, level: LogLevel): string[] {
  return logger.lines.filter((line) => line.level === level).map((line) => line.message);
}
