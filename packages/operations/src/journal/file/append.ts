import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { removeAbandoned, replaceFile, syncFolder } from "@edgezero/stores/file/durable-file";
import { tryHold } from "@edgezero/stores/file/exclusive-file";
import { openOwnToAppend } from "@edgezero/stores/file/own-file";
import { thisHolder } from "@edgezero/stores/holder";
import type { Entry, NewEntry } from "../entry.ts";
import { noteOf, sha256 } from "../entry.ts";
import type { Head } from "./head.ts";
import { readHead } from "./head.ts";
import type { Trail } from "./read-trail.ts";
import { readTrailEnd } from "./read-trail.ts";
import type { TrailFiles } from "./trail-files.ts";

const WAIT_MS = 5000;
const RETRY_MS = 5;
const STALE_AFTER_MS = 10_000;

/**
 * Appends entries durably: they are on the disk once this resolves. A torn line that a killed process
 * left stays as it is, and a note before the new entries explains it.
 *
 * Waits up to 5 seconds for another process that appends. Rejects after that, or where the trail
 * cannot be written, is a link, or belongs to another user.
 */
export async function appendEntries(
  files: TrailFiles,
  added: readonly [NewEntry, ...NewEntry[]],
): Promise<void> {
  await mkdir(dirname(files.trail), { recursive: true });
  const release = await waitForTurn(files, added[0].who);
  try {
    const trail = await readTrailEnd(files.trail);
    const text = chain(trail, await readHead(files), withTornNote(trail, added));
    await appendDurably(files.trail, text.lines);
    await replaceFile(files.head, `${JSON.stringify(text.head)}\n`);
    for (const path of [files.head, files.appending]) await removeAbandoned(path).catch(() => {});
  } finally {
    await release();
  }
}

async function waitForTurn(files: TrailFiles, who: string): Promise<() => Promise<void>> {
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    const hold = await tryHold(files.appending, thisHolder(who, "append"), STALE_AFTER_MS);
    if (hold.isOurs) return hold.release;
    if (performance.now() > deadline) {
      throw new Error(`${hold.holder.who} has been writing to it since ${hold.holder.since}`);
    }
    await sleep(RETRY_MS);
  }
}

function withTornNote(trail: Trail, added: readonly [NewEntry, ...NewEntry[]]): NewEntry[] {
  if (trail.torn.length === 0) return [...added];
  const { who, store } = added[0];
  const detail = `the line before, of ${trail.torn.length} bytes, was cut off while it was written`;
  const torn = sha256(trail.torn);
  return [noteOf("torn-line", { who, store, detail, torn }), ...added];
}

function chain(
  trail: Trail,
  last: Head | null,
  added: readonly NewEntry[],
): { lines: string; head: Head } {
  // Where the end was cut off or changed, the next entry still follows the entry that was last, so
  // that every later reader finds the gap.
  const hasLast = last !== null && last.entries >= trail.count;
  let { entries, hash } = hasLast ? last : { entries: trail.count, hash: trail.head };
  let lines = trail.endsOpen ? "\n" : "";
  for (const entry of added) {
    entries++;
    const whole = { seq: entries, at: new Date().toISOString(), ...entry, prev: hash } as Entry;
    const line = JSON.stringify(whole);
    hash = sha256(line);
    lines += `${line}\n`;
  }
  return { lines, head: { entries, hash } };
}

async function appendDurably(path: string, text: string): Promise<void> {
  const handle = await openOwnToAppend(path);
  try {
    // One write, so that a kill tears at most its last line.
    await handle.appendFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await syncFolder(dirname(path));
}
