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

/** All that a journal holds, and what was found when it was read. */
export interface JournalContent {
  /** Every readable entry, oldest first. */
  readonly entries: readonly Entry[];
  /** The SHA-256 of each entry, as `prev` of the next one has it. */
  readonly hashes: readonly string[];
  /** The hash of the last entry; 64 zeros where there is no entry. */
  readonly head: string;
  /** Empty where the journal is whole. */
  readonly findings: readonly JournalFinding[];
  /** Bytes of a last entry that a killed process left unfinished; 0 where there is nothing. */
  readonly tornBytes: number;
  /** Names what is missing, so that entries cut off at the end would not be found; or `null`. */
  readonly unguarded: string | null;
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
}
