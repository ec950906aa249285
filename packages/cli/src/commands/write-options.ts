import type { CommonOptions } from "../context.ts";

/** The options of every command that writes. */
export interface WriteOptions extends CommonOptions {
  readonly yes?: boolean | undefined;
  readonly reason?: string | undefined;
}
