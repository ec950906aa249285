import type { ConfigStore } from "@edgezero/rollout";
import { createRollout, REASONS } from "@edgezero/rollout";

/** How often the values are looked at where no probe asks. They are in memory. */
const LOOK_MS = 250;
/** The most that a probe's answer can say. */
const LONGEST_MS = 999_999_999;

/** The last change of the values, as a probe's answer tells it. */
export interface EpochChange {
  /** The epoch before. */
  readonly from: string;
  /** How long ago the change was seen, in milliseconds. */
  readonly ago: number;
}

/** Remembers the last change of the values that this process has read. */
export interface EpochHistory {
  /** The change to `epoch`; `null` where this process has not seen it. */
  readonly changeTo: (epoch: string) => EpochChange | null;
  readonly close: () => void;
}

/**
 * Follows the values from now on. A moment in which they cannot be read is no change: what was read
 * before it counts. A change that lasts less than a quarter of a second may not be seen.
 */
export function createEpochHistory(configStore: ConfigStore): EpochHistory {
  const { read } = createRollout({ configStore });
  let epoch: string | null = null;
  let change: { readonly from: string; readonly at: number } | null = null;

  function look(): void {
    const state = read();
    // The stores of this gateway answer at once.
    if (state instanceof Promise || REASONS[state.reason].wasRead !== true) return;
    if (epoch !== null && epoch !== state.epoch) change = { from: epoch, at: performance.now() };
    epoch = state.epoch;
  }

  look();
  const timer = setInterval(look, LOOK_MS).unref();
  return {
    changeTo(asked) {
      look();
      if (change === null || asked !== epoch) return null;
      const ago = Math.floor(performance.now() - change.at);
      return { from: change.from, ago: Math.min(ago, LONGEST_MS) };
    },
    close: () => clearInterval(timer),
  };
}
