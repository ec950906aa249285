import type { Chain, Link } from "./chain.ts";
import type { Entry, NewEntry } from "./entry.ts";
import { sha256 } from "./entry.ts";
import { vouchedEntries } from "./head.ts";

/** Lines to add, and the head after them. */
export interface ChainedEntries {
  readonly lines: readonly string[];
  readonly head: Link;
}

/**
 * Makes new entries the next ones of a chain. Where its end was cut off or changed, they still follow the
 * entry that was last by the head, so that every later reader finds the gap. Pure, but for the clock.
 *
 * @param head As it was written beside the chain; `null` where it is missing.
 */
export function chainEntries(
  end: Chain,
  head: Link | null,
  added: readonly NewEntry[],
): ChainedEntries {
  const isHeadLast =
    head !== null && (head.entries >= end.count || vouchedEntries(end, head) === 0);
  let { entries, hash } = isHeadLast ? head : { entries: end.count, hash: end.head };
  const lines = added.map((entry) => {
    entries++;
    const whole = { seq: entries, at: new Date().toISOString(), ...entry, prev: hash } as Entry;
    const line = JSON.stringify(whole);
    hash = sha256(line);
    return line;
  });
  return { lines, head: { entries, hash } };
}
