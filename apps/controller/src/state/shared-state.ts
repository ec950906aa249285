import type { FencedRecord } from "@edgezero/stores/lease";
import { StoreConflictError } from "@edgezero/stores/operator-store";
import type { StateFile } from "./state-file.ts";

/**
 * A state that the controllers of several hosts share, beside a copy on this one. The record counts: it is
 * saved first, and only by the one that leads. The copy is on this disk whatever the server forgets, and
 * begins the record where there was none before. It is saved too where the server cannot be reached: a
 * rollback that was taken then would be lost with this process. Where either cannot be saved, the state is not.
 */
export function sharedState(record: FencedRecord, copy: StateFile): StateFile {
  let isBesideKeys = false;
  return {
    path: record.location,
    isBesideKeys: () => isBesideKeys,
    async load() {
      const text = await record.load();
      isBesideKeys = text !== null;
      return text ?? (await copy.load());
    },
    async save(text) {
      try {
        await record.save(text);
      } catch (error) {
        // The state of one that does not lead any more is nobody's.
        if (!(error instanceof StoreConflictError)) await copy.save(text);
        throw error;
      }
      await copy.save(text);
    },
  };
}
