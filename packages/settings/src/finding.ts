/** One setting that is not valid. */
export interface Finding {
  /** The name of the setting. */
  readonly setting: string;
  /** Names the setting, its value and what is allowed. A secret's value is never in it. */
  readonly message: string;
}

/** One or more settings are not valid. The message has a line for each. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(findings.map(({ message }) => message).join("\n"));
    this.findings = findings;
  }
}
