import { messageOf } from "@edgezero/faults/faults";
import type { StateFile } from "./state-file.ts";

/** Saves a state that goes on changing. */
export interface Saver {
  /** Resolves once a state that is at least as new as now is on the disk; with its fault where it is not. */
  save(): Promise<string | null>;
  /** Why the last attempt failed, or `null`. */
  fault(): string | null;
}

/** Saves one state at a time; callers that come meanwhile share the next one. */
export function createSaver(file: StateFile, textNow: () => string): Saver {
  let running: Promise<string | null> | null = null;
  let next: Promise<string | null> | null = null;
  let last: string | null = null;

  async function write(): Promise<string | null> {
    try {
      await file.save(textNow());
      last = null;
    } catch (error) {
      last = messageOf(error);
    }
    return last;
  }

  async function begin(): Promise<string | null> {
    running = write();
    const fault = await running;
    running = null;
    return fault;
  }

  return {
    async save() {
      if (running === null && next === null) return begin();
      next ??= (async () => {
        await running;
        next = null;
        return begin();
      })();
      return next;
    },
    fault: () => last,
  };
}
