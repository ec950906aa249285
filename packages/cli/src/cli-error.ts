import type { ExitName } from "./exit-codes.ts";

/** What a {@link CliError} carries beside its message. */
export interface CliErrorOptions {
  /** What to do about it, as a sentence. */
  readonly hint?: string | undefined;
  /** Facts for the JSON document. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

/** An end of a command that is expected: shown as a message, never with a stack trace. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly exit: ExitName;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(exit: ExitName, message: string, options: CliErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.exit = exit;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }
}
