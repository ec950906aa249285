import type { ConfigStore } from "@edgezero/rollout";

/** A config store that answers from memory, and must be closed, so that the process can end. */
export interface OpenConfigStore extends ConfigStore {
  get(key: string): string | null;
  /**
   * When what `get` answers was last read from its source, in milliseconds as `performance.now()`;
   * `null` where it never was.
   */
  confirmedAt(): number | null;
  close(): void;
}
