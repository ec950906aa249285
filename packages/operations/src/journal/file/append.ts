import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { removeAbandoned, replaceFile, syncFolder } from "@edgezero/stores/file/durable-file";
import { tryHold } from "@edgezero/stores/file/exclusive-file";
import { openOwnToAppend } from "@edgezero/stores/file/own-file";
import { thisHolder } from "@edgezero/stores/holder";
import { chainEntries } from "../chain-entries.ts";
import type { NewEntry } from "../entry.ts";
import { noteOf, sha256 } from "../entry.ts";
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
    const next = chainEntries(trail, await readHead(files), withTornNote(trail, added));
    const text = next.lines.map((line) => `${line}\n`).join("");
    await appendDurably(files.trail, trail.endsOpen ? `\n${text}` : text);
    await replaceFile(files.head, `${JSON.stringify(next.head)}\n`);
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
