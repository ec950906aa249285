import type { Coordination } from "@edgezero/stores/coordination";
import type { Entry, NewEntry } from "./entry.ts";

/** A place in the journal that is not as it was written. */
export interface JournalFinding {
  /** Its line, from 1. */
  readonly line: number;
  /** The `seq` of the entry there; `null` where there is no entry. */
  readonly entry: number | null;
  /** A sentence about that place, without its subject: `is not an entry`. */
  readonly message: string;
}

/** Entries that an operator has moved from the beginning of a journal to a file. */
export interface ArchivedEntries {
  /** How many: the first entry of the journal has the next number. */
  readonly entries: number;
  /** The hash of the last one, which the first entry of the journal follows. */
  readonly hash: string;
  /** The file, on the host of that operator, for people: such as `/srv/trail.jsonl on ops-1`. */
  readonly place: string;
  /** Who archived them. */
  readonly who: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** All that a journal holds, and what was found when it was read. */
export interface JournalContent {
  /** Every readable entry, oldest first. */
  readonly entries: readonly Entry[];
  /** The SHA-256 of each entry, as `prev` of the next one has it. */
  readonly hashes: readonly string[];
  /** The hash of the last entry; 64 zeros where there was no entry yet. */
  readonly head: string;
  /** The entries before the first one here; `null` where none were archived. */
  readonly archived: ArchivedEntries | null;
  /** Empty where the journal is whole. */
  readonly findings: readonly JournalFinding[];
  /** Bytes of a last entry that a killed process left unfinished; 0 where there is nothing. */
  readonly tornBytes: number;
  /** Names what is missing, so that entries cut off at the end would not be found; or `null`. */
  readonly unguarded: string | null;
  /**
   * The number of entries up to the one that was last when the head was written; 0 where that one is not
   * there, or a later one does not follow it.
   */
  readonly vouched: number;
}

/** The record of every change of one rollout: entries are added at the end, and never changed. */
export interface Journal {
  /** Where it is, for people, without credentials. */
  readonly location: string;
  /** The place where operators of a store meet that has no place for it. */
  readonly coordination: Coordination;
  /**
   * Adds entries at the end, in this order and with nothing between them. They are durable once this
   * resolves. Callers at the same time take turns. Rejects where the journal cannot be written.
   */
  append(entries: readonly [NewEntry, ...NewEntry[]]): Promise<void>;
  /** Reads and examines all of it. A journal that does not exist is empty. Rejects where it cannot be read. */
  read(): Promise<JournalContent>;
  /**
   * Moves the oldest entries to a file, which is a trail of its own and has all archived entries from the
   * first one on. They are in the file, durably, before they leave the journal: where this ends half-way,
   * they are in both, and the next call goes on. The entries that later commands go by stay. A journal that
   * is bounded otherwise does not have it.
   *
   * @throws ArchiveError where the journal is not whole, or the file does not go on from its archive.
   */
  archive?(path: string, options: ArchiveOptions): Promise<ArchiveReport>;
  /** What the settings of its server may do to it, in sentences without a subject; absent for a file. */
  risks?(): Promise<readonly string[]>;
}

/** How to archive. */
export interface ArchiveOptions {
  /** How many entries stay at the least. */
  readonly keep: number;
  /** Who archives. */
  readonly who: string;
}

/** What an archiving has moved. */
export interface ArchiveReport {
  /** Entries that are in the file now and no longer in the journal; 0 where nothing was to be moved. */
  readonly moved: number;
  /** Entries in the file. */
  readonly archived: number;
  /** Entries that stayed in the journal. */
  readonly kept: number;
  /** The hash of the last entry in the file. */
  readonly head: string;
}

/** Thrown where entries cannot be archived. The journal still has all that no other archiving took. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
}
