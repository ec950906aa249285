import { messageOf } from "@edgezero/faults/faults";
import type { StoredValues } from "@edgezero/stores/operator-store";
import { StoreMissingError } from "@edgezero/stores/operator-store";
import { isSameValues, NO_VALUES } from "@edgezero/stores/stored-values";
import { mirroredText } from "./mirrored-text.ts";

/** How long a file stays as it is while nothing changes, in milliseconds: the mirror's sign of life. */
const HEARTBEAT_MS = 1000;

/** What a mirror reads, writes and waits for. */
export interface MirrorPorts {
  /** Reads the store. May reject. */
  readonly read: () => Promise<StoredValues>;
  /** Replaces the file as a whole. May reject. */
  readonly write: (text: string) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits between two reads. */
  readonly pause: () => Promise<void>;
  /** Hears what has changed for the mirror: new values, a fault, its end. */
  readonly onNote: (note: MirrorNote) => void;
  readonly signal: AbortSignal;
}

/** A change that an operator wants to know of. */
export type MirrorNote =
  | { readonly kind: "mirrored"; readonly values: StoredValues }
  | { readonly kind: "fault"; readonly message: string };

/**
 * Keeps a file equal to a store until `signal`. While nothing changes, the file is written once a second
 * with the time at which the store was last seen. While the store cannot be read it is left alone, so that
 * its reader sees it age. A store that is missing has no values. Never rejects.
 */
export async function runMirror({
  read,
  write,
  now,
  pause,
  onNote,
  signal,
}: MirrorPorts): Promise<void> {
  let written: { readonly values: StoredValues; readonly at: number } | null = null;
  let lastFault: string | null = null;

  async function turn(): Promise<void> {
    // Older than what is read, so that the file never looks fresher than it is.
    const seenAt = now();
    const values = await read().catch((error: unknown) => {
      if (error instanceof StoreMissingError) return NO_VALUES;
      throw error;
    });
    const isNew = written === null || !isSameValues(values, written.values);
    if (!isNew && written !== null && seenAt - written.at < HEARTBEAT_MS && seenAt >= written.at) {
      return;
    }
    await write(mirroredText(values, seenAt));
    written = { values, at: seenAt };
    if (isNew || lastFault !== null) onNote({ kind: "mirrored", values });
    lastFault = null;
  }

  while (!signal.aborted) {
    try {
      await turn();
    } catch (error) {
      const message = messageOf(error);
      if (message !== lastFault) onNote({ kind: "fault", message });
      lastFault = message;
    }
    await pause();
  }
}
