import { join } from "node:path";
import { isRedisUrl } from "@edgezero/stores/redis/location";
import type { StateFile } from "../state/state-file.ts";
import { stateFile } from "../state/state-file.ts";
import type { SavedNotify } from "./saved-notify.ts";
import { NOTHING_SAVED, parseNotify } from "./saved-notify.ts";

/**
 * Where a process keeps what it told of an environment that it could not run. In a store that controllers share,
 * the messages of the one that leads are there: what this host told has a file of its own.
 *
 * @param store The environment's store; `null` where it is not known.
 */
export function unavailableFile(folder: string, name: string, store: string | null): StateFile {
  const isShared = store !== null && isRedisUrl(store);
  return stateFile(join(folder, `${name}.${isShared ? "unavailable" : "notify"}.json`));
}

/**
 * The messages that controllers share, and with them what this host told: the one that leads tells the end of it.
 * The file of this host is empty once the shared messages have it.
 */
export function withUnavailable(shared: StateFile, own: StateFile): StateFile {
  let isLeft = false;
  return {
    ...shared,
    async load() {
      const text = await shared.load();
      // What cannot be read must not keep the shared messages from being read.
      const left = await own.load().catch(() => null);
      const told = left === null ? null : parseNotify(left);
      if (told === null) return text;
      const saved = text === null ? NOTHING_SAVED : parseNotify(text);
      if (saved === null) return text;
      isLeft = true;
      return JSON.stringify(joined(saved, told));
    },
    async save(text) {
      await shared.save(text);
      if (!isLeft) return;
      isLeft = false;
      await own.save(JSON.stringify(NOTHING_SAVED));
    },
  };
}

/** Adds to `saved` what it does not have. Pure. */
function joined(saved: SavedNotify, told: SavedNotify): SavedNotify {
  const { open, ended } = saved.known;
  const { waiting, dead } = saved.outbox;
  const isNew = ({ id, key }: (typeof open)[number]): boolean =>
    !ended.includes(id) && open.every((each) => each.key !== key);
  const isUnsent = ({ id }: { id: string }): boolean => waiting.every((each) => each.id !== id);
  return {
    ...saved,
    known: { open: [...open, ...told.known.open.filter(isNew)], ended },
    outbox: { waiting: [...waiting, ...told.outbox.waiting.filter(isUnsent)], dead },
  };
}
