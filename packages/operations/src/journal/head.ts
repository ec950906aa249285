import type { Chain, Link } from "./chain.ts";
import type { JournalFinding } from "./journal.ts";

/** Reads a head as it is stored beside its chain; `null` where it is not valid. */
export function parseLink(text: string): Link | null {
  try {
    const { entries, hash } = JSON.parse(text) as Partial<Link>;
    return typeof entries === "number" && typeof hash === "string" ? { entries, hash } : null;
  } catch {
    return null;
  }
}

/**
 * Compares the end of a chain with its head; `null` where they fit. The head may be behind, since a
 * kill between the two writes leaves it so. It is never ahead.
 */
export function endFinding(chain: Chain, head: Link): JournalFinding | null {
  if (head.entries > chain.count) {
    const message = `${head.entries - chain.count} entries at the end are missing`;
    return { line: chain.entries.length + 1, entry: null, message };
  }
  const index = chain.entries.findLastIndex(({ seq }) => seq === head.entries);
  if (head.entries > 0 && chain.hashes[index] !== head.hash) {
    const message = "is not the entry that was last when it was written";
    return { line: index + 1, entry: index < 0 ? null : head.entries, message };
  }
  return null;
}

/**
 * The number of entries up to the head's own. 0 where it is not there, or a later one does not follow the
 * one before it.
 */
export function vouchedEntries({ entries, hashes }: Chain, { hash }: Link): number {
  const last = hashes.lastIndexOf(hash);
  const isFollowed = entries.slice(last + 1).every(({ prev, seq }, index) => {
    const before = entries[last + index];
    return prev === hashes[last + index] && seq === (before?.seq ?? 0) + 1;
  });
  return isFollowed ? last + 1 : 0;
}
