/** The config file, or the choice of a store by it, is not valid. The message holds no credentials. */
export class ConfigError extends Error {
  override readonly name: string = "ConfigError";
  /** What to do about it, as a sentence; `null` where the message says enough. */
  readonly hint: string | null;

  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.hint = options.hint ?? null;
  }
}

/** Someone else has changed the config file since it was read. Nothing was written to it. */
export class ConfigChangedError extends ConfigError {
  override readonly name = "ConfigChangedError";
}
