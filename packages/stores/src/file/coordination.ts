import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { ChangeLock, Coordination, RollbackMark } from "../coordination.ts";
import { LOCK_STALE_AFTER_MS } from "../coordination.ts";
import { thisHolder } from "../holder.ts";
import { newMark } from "../rollback-mark.ts";
import { removeAbandoned, replaceFile } from "./durable-file.ts";
import { tryHold } from "./exclusive-file.ts";
import { findHold, isStale } from "./found-hold.ts";
import { readMark } from "./read-mark.ts";

/**
 * Lock and mark as two files, `<stem>.lock` and `<stem>.rollback`: for operators who share a folder.
 *
 * @param stem A path without an ending, such as `/site/rollout.audit`.
 */
export function fileCoordination(stem: string): Coordination {
  return {
    location: dirname(stem),
    lock: fileLock(`${stem}.lock`),
    mark: fileMark(`${stem}.rollback`),
  };
}

/** Whether the lock is still the one that `fence` names, and has not expired. */
export async function isHeldBy({ location }: ChangeLock, fence: string): Promise<boolean> {
  const found = await findHold(location);
  return found?.text === fence && !isStale(found.holder, LOCK_STALE_AFTER_MS);
}

function fileLock(path: string): ChangeLock {
  return {
    location: path,
    async take(who, command) {
      await mkdir(dirname(path), { recursive: true });
      const hold = await tryHold(path, thisHolder(who, command), LOCK_STALE_AFTER_MS);
      if (!hold.isOurs) return { kind: "busy", holder: hold.holder };
      await removeAbandoned(path).catch(() => {});
      const { text, takenFrom, release } = hold;
      return { kind: "held", lock: { fence: text, takenFrom, release } };
    },
    async holder() {
      const found = await findHold(path).catch(() => null);
      return found === null || isStale(found.holder, LOCK_STALE_AFTER_MS) ? null : found.holder;
    },
  };
}

function fileMark(path: string): RollbackMark {
  return {
    read: async () => readMark(path),
    async leave(who) {
      await mkdir(dirname(path), { recursive: true });
      await replaceFile(path, `${newMark(who)}\n`);
      await removeAbandoned(path).catch(() => {});
    },
  };
}
