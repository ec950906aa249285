const WINDOW_MS = 60_000;
/** Wrong tokens of one address in a minute that are answered as such. */
const MOST_FAILED = 10;
/** Addresses that are told apart in a minute; later ones share a count. */
const MOST_ADDRESSES = 10_000;

/** Counts wrong tokens by address. The right token is never refused: nobody can lock an operator out. */
export interface FailedTokens {
  /** Counts one; gives how many milliseconds to wait where there were too many, or `null`. */
  count(address: string): number | null;
}

export function createFailedTokens(now: () => number): FailedTokens {
  let begun = now();
  let counts = new Map<string, number>();
  return {
    count(address) {
      const at = now();
      // A clock that is set back begins a new minute as well.
      if (at - begun >= WINDOW_MS || at < begun) {
        begun = at;
        counts = new Map();
      }
      const key = counts.has(address) || counts.size < MOST_ADDRESSES ? address : "";
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return count > MOST_FAILED ? begun + WINDOW_MS - at : null;
    },
  };
}
