import type { CommonOptions } from "../context.ts";

/** The options of every command that writes. */
export interface WriteOptions extends CommonOptions {
  /** Show the change, and write nothing. */
  readonly dryRun?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly reason?: string | undefined;
}
