import { messageOf } from "@edgezero/faults/faults";
import type { Logger } from "@edgezero/rollout";
import { createSaver } from "../state/saver.ts";
import type { StateFile } from "../state/state-file.ts";
import type { SavedNotify } from "./saved-notify.ts";
import { NOTHING_SAVED, parseNotify } from "./saved-notify.ts";

/** Where the messages of one environment are kept, and who hears that they cannot be. */
export interface NotifyPlace {
  readonly name: string;
  readonly file: StateFile;
  readonly logger: Logger;
}

/** What people were told, and what is still to be told, in memory and in its file. */
export interface NotifyState {
  read(): SavedNotify;
  /** Changes it in memory alone. */
  change(part: Partial<Pick<SavedNotify, "known" | "outbox">>): void;
  /** Brings it to the file. Never rejects: a fault is logged. */
  save(): Promise<void>;
}

/** Loads what an earlier process has left. Never rejects: what cannot be read is logged, and is lost. */
export async function openNotifyState({ name, file, logger }: NotifyPlace): Promise<NotifyState> {
  let state = await load();
  const saver = createSaver(file, () => JSON.stringify(state));

  async function load(): Promise<SavedNotify> {
    try {
      const text = await file.load();
      const saved = text === null ? NOTHING_SAVED : parseNotify(text);
      if (saved !== null) return saved;
      logger.error("the messages of before are lost", { environment: name, file: file.path });
    } catch (error) {
      const why = messageOf(error);
      logger.error("the messages of before cannot be read", { environment: name, why });
    }
    return NOTHING_SAVED;
  }

  return {
    read: () => state,
    change(part) {
      state = { ...state, ...part };
    },
    async save() {
      const why = await saver.save();
      if (why !== null) logger.error("messages cannot be saved", { environment: name, why });
    },
  };
}
