import { CliError } from "../cli-error.ts";
import { agoText } from "../output/duration.ts";
import { removeAbandoned } from "@edgezero/stores/file/durable-file";
import type { Hold, Holder } from "@edgezero/stores/file/exclusive-file";
import { holderOf, isStale, thisHolder, tryHold } from "@edgezero/stores/file/exclusive-file";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { TrailFiles } from "@edgezero/operations/journal/trail-files";

/** A change takes seconds, since a question is asked before it: an older lock was left behind. */
export const LOCK_STALE_AFTER_MS: number = 10 * 60_000;

/** Takes the lock of a change. @throws CliError when another operator holds it. */
export async function takeLock(
  files: TrailFiles,
  who: string,
  command: string,
): Promise<Extract<Hold, { isOurs: true }>> {
  await mkdir(dirname(files.lock), { recursive: true });
  const hold = await tryHold(files.lock, thisHolder(who, command), LOCK_STALE_AFTER_MS);
  if (hold.isOurs) {
    for (const path of [files.lock, files.appending, files.head, files.mark]) {
      await removeAbandoned(path).catch(() => {});
    }
    return hold;
  }
  throw new CliError("lock-held", `another change is under way: ${holderText(hold.holder)}`, {
    hint: `Nothing was written. Try again when it is done; \`rollback\` never waits for it. If no one is at work, remove ${files.lock}.`,
    details: { holder: hold.holder },
  });
}

/** Who is making a change at this moment, or `null`; a stale lock counts as none. */
export async function currentHolder(files: TrailFiles): Promise<Holder | null> {
  const holder = await holderOf(files.lock).catch(() => null);
  return holder === null || isStale(holder, LOCK_STALE_AFTER_MS) ? null : holder;
}

/** A holder, for people. */
export function holderText({ who, host, pid, since, command }: Holder): string {
  return `${who} holds the lock for \`${command}\` since ${since} (${agoText(since)}; process ${pid} on ${host})`;
}
