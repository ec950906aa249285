import type { NewEntry } from "@edgezero/operations/journal/entry";
import { noteOf } from "@edgezero/operations/journal/entry";
import { messageOf } from "@edgezero/faults/faults";
import type { Place } from "./place.ts";

/** What a controller notes beside its changes. */
export type NoteKind = "controller-moved" | "controller-command" | "controller-page";

/** Notes that wait for a trail that cannot be written. Later ones push out the oldest. */
const MOST_WAITING = 200;

/** Notes in the trail, in the order in which they were made. Nothing waits for them. */
export interface TrailNotes {
  note(kind: NoteKind, detail: string): void;
  /** Tries to write what waits. Resolves once that is done, or has failed. */
  flush(): Promise<void>;
  /** Why the last attempt failed, or `null`. */
  fault(): string | null;
}

export function createTrailNotes({
  journal,
  store,
  who,
  safe,
}: Pick<Place, "journal" | "store" | "who" | "safe">): TrailNotes {
  let waiting: readonly NewEntry[] = [];
  /** Notes that were pushed out, and of which the trail does not tell yet. */
  let lost = 0;
  let running: Promise<void> | null = null;
  let last: string | null = null;

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const [batch, told] = [waiting, lost];
      waiting = [];
      lost = 0;
      try {
        await journal.append([...lostNote(told), ...batch] as [NewEntry, ...NewEntry[]]);
        last = null;
      } catch (error) {
        last = safe(messageOf(error));
        lost += told;
        keep([...batch, ...waiting]);
        return;
      }
    }
  }

  function keep(all: readonly NewEntry[]): void {
    waiting = all.slice(-MOST_WAITING);
    lost += all.length - waiting.length;
  }

  function lostNote(count: number): NewEntry[] {
    if (count === 0) return [];
    const detail = `${count} earlier notes could not be written, and are lost`;
    return [noteOf("controller-moved", { who, store: store.location, detail })];
  }

  async function flush(): Promise<void> {
    running ??= write().finally(() => {
      running = null;
    });
    return running;
  }

  return {
    note(kind, detail) {
      const entry = noteOf(kind, { who, store: store.location, detail: safe(detail) });
      keep([...waiting, entry]);
      void flush();
    },
    flush,
    fault: () => last,
  };
}
