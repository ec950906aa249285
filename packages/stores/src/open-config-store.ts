import type { ConfigStore } from "@edgezero/rollout";

/** A config store that answers from memory, and must be closed, so that the process can end. */
export interface OpenConfigStore extends ConfigStore {
  get(key: string): string | null;
  /**
   * The time at which the values of `get` were last read from their source, in milliseconds of
   * `performance.now()`; `null` before the first read.
   */
  confirmedAt(): number | null;
  /**
   * Whether the file that is read is no longer in any folder, so that changes do not reach it. Only
   * a store over a file has this.
   */
  isUnlinked?(): boolean;
  close(): void;
}
