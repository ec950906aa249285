import { createHash } from "node:crypto";
import type { Changes, StoredValues } from "@edgezero/stores/operator-store";

/** What was done to the store, by which command. */
export type ChangeName = "init" | "set" | "enable" | "disable" | "rollback";

/** How a change ended. */
export type ChangeResult =
  /** Written, and read back. */
  | "verified"
  /** Written, but not seen in the store, or not everywhere in what is served. */
  | "unverified"
  /** The store did not take it. */
  | "failed"
  /** The process ended in the middle; found and recorded by a later command. */
  | "interrupted";

interface EntryBase {
  /** 1 for the first entry, and one more for each. */
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** `user@host`, or what `--as` said. */
  readonly who: string;
  /** Where the store is, without credentials. */
  readonly store: string;
  /** SHA-256 of the line before, as hexadecimal digits; 64 zeros for the first. */
  readonly prev: string;
}

/** Recorded before a write. */
export interface IntentEntry extends EntryBase {
  readonly kind: "intent";
  /** Names the change; its result has the same. */
  readonly change: string;
  readonly command: ChangeName;
  /** What the store held; `null` where it was not read first, as by `rollback`. */
  readonly from: StoredValues | null;
  readonly to: Changes;
  readonly reason: string | null;
}

/** Recorded after a write, or after it was found not to have finished. */
export interface ResultEntry extends EntryBase {
  readonly kind: "result";
  readonly change: string;
  readonly command: ChangeName;
  readonly result: ChangeResult;
  /** What the store then held; `null` where it could not be read. */
  readonly values: StoredValues | null;
  readonly detail: string | null;
}

/** Something that was noticed. */
export interface NoteEntry extends EntryBase {
  readonly kind: "note";
  readonly note: "outside-change" | "lock-taken-over" | "lock-not-waited-for" | "torn-line";
  readonly detail: string;
  /** What the store holds now, for an outside change. */
  readonly values: StoredValues | null;
  /** SHA-256 of the torn line before, which is left in the file as it is. */
  readonly torn: string | null;
}

/** One line of the audit trail. */
export type Entry = IntentEntry | ResultEntry | NoteEntry;

type Unchained<E> = E extends Entry ? Omit<E, "seq" | "prev" | "at"> : never;

/** An entry that is yet to be put in its place. */
export type NewEntry = Unchained<Entry>;

/** A note of something that was noticed. */
export function noteOf(
  note: NoteEntry["note"],
  { who, store, detail, values = null, torn = null }: NoteParts,
): NewEntry {
  return { kind: "note", note, who, store, detail, values, torn };
}

/** What a note says; without `values` and `torn` it has none. */
export type NoteParts = Pick<NoteEntry, "who" | "store" | "detail"> &
  Partial<Pick<NoteEntry, "values" | "torn">>;

/** What stands before the first entry. */
export const NO_HASH: string = "0".repeat(64);

/** SHA-256 as hexadecimal digits. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
