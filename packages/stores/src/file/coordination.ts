import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import type { ChangeLock, Coordination, RollbackMark } from "../coordination.ts";
import { removeAbandoned, replaceFile } from "./durable-file.ts";
import { holderOf, isStale, tryHold } from "./exclusive-file.ts";
import { readRegularFile } from "./regular-file.ts";

/** A change takes seconds, since a question is asked before it: an older lock was left behind. */
export const LOCK_STALE_AFTER_MS: number = 10 * 60_000;

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

function fileLock(path: string): ChangeLock {
  return {
    location: path,
    async take(who, command) {
      await mkdir(dirname(path), { recursive: true });
      const since = new Date().toISOString();
      const holder = { who, host: hostname(), pid: process.pid, since, command };
      const hold = await tryHold(path, holder, LOCK_STALE_AFTER_MS);
      if (!hold.isOurs) return { kind: "busy", holder: hold.holder };
      await removeAbandoned(path).catch(() => {});
      const { takenFrom, release } = hold;
      return { kind: "held", lock: { fence: `${process.pid} ${since}`, takenFrom, release } };
    },
    async holder() {
      const holder = await holderOf(path).catch(() => null);
      return holder === null || isStale(holder, LOCK_STALE_AFTER_MS) ? null : holder;
    },
  };
}

function fileMark(path: string): RollbackMark {
  return {
    read: async () => readRegularFile(path).then(String, () => null),
    async leave(who) {
      await mkdir(dirname(path), { recursive: true });
      const at = new Date().toISOString();
      await replaceFile(path, `${JSON.stringify({ who, at, process: process.pid })}\n`);
      await removeAbandoned(path).catch(() => {});
    },
  };
}
