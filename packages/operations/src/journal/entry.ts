import { createHash } from "node:crypto";
import type { Changes, StoredValues } from "@edgezero/stores/operator-store";

/** The command that makes a change. */
export type ChangeName = "init" | "set" | "enable" | "disable" | "rollback";

/** How a change ended. */
export type ChangeResult =
  /** Written and read back. For a rollback with gateways, their proof follows as a second result. */
  | "written"
  /**
   * A rollback that every gateway named was proven to serve. In older journals also any change that was
   * read back.
   */
  | "verified"
  /** Written, but not read back from the store, or not proven by a gateway. */
  | "unverified"
  /** The store did not take it. */
  | "failed"
  /** The process ended in the middle; a later command found that and recorded it. */
  | "interrupted";

interface EntryBase {
  /** The entry's number, from 1. */
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Who acted, such as `user@host`. */
  readonly who: string;
  /** Where the store is, without credentials. */
  readonly store: string;
  /** SHA-256 of the entry before, as hexadecimal digits; 64 zeros for the first entry. */
  readonly prev: string;
}

/** Recorded before a write. */
export interface IntentEntry extends EntryBase {
  readonly kind: "intent";
  /** Names the change; its result has the same. */
  readonly change: string;
  readonly command: ChangeName;
  /** The values before; `null` where they were not read first, as by `rollback`. */
  readonly from: StoredValues | null;
  readonly to: Changes;
  readonly reason: string | null;
}

/** Recorded after a write, or by a later command for a change that did not finish. */
export interface ResultEntry extends EntryBase {
  readonly kind: "result";
  readonly change: string;
  readonly command: ChangeName;
  readonly result: ChangeResult;
  /** The values afterwards; `null` where they could not be read. */
  readonly values: StoredValues | null;
  readonly detail: string | null;
}

/** Recorded beside a change: something that its reader should know. */
export interface NoteEntry extends EntryBase {
  readonly kind: "note";
  readonly note:
    | "outside-change"
    | "lock-taken-over"
    | "lock-not-waited-for"
    | "torn-line"
    /** The hold of the percentage in force counts from here, since no entry says since when it is. */
    | "hold-begun"
    /** The next change is against the plan, and was forced. */
    | "plan-overridden"
    /** A controller went to another state. */
    | "controller-moved"
    /** A controller took or refused an operator's command. */
    | "controller-command"
    /** A controller woke someone up. */
    | "controller-page";
  readonly detail: string;
  /** The values in the store, for an outside change and a hold. */
  readonly values: StoredValues | null;
  /** SHA-256 of the torn line before, which stays in the file as it is. */
  readonly torn: string | null;
}

/** One entry of the journal. */
export type Entry = IntentEntry | ResultEntry | NoteEntry;

type Unchained<E> = E extends Entry ? Omit<E, "seq" | "prev" | "at"> : never;

/** An entry before it gets its place in the journal. */
export type NewEntry = Unchained<Entry>;

/** Makes a note that is ready for the journal. */
export function noteOf(
  note: NoteEntry["note"],
  { who, store, detail, values = null, torn = null }: NoteParts,
): NewEntry {
  return { kind: "note", note, who, store, detail, values, torn };
}

/** The content of a note; `values` and `torn` are `null` unless given. */
export type NoteParts = Pick<NoteEntry, "who" | "store" | "detail"> &
  Partial<Pick<NoteEntry, "values" | "torn">>;

/** The `prev` of the first entry. */
export const NO_HASH: string = "0".repeat(64);

/** The SHA-256 of bytes or of a text as UTF-8, as hexadecimal digits. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
