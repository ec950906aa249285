import { randomUUID } from "node:crypto";
import { link, lstat, rename, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCode } from "@edgezero/faults/faults";
import type { Holder } from "../coordination.ts";
import { isGone, parseHolder, unknownHolder } from "../holder.ts";
import { temporaryName } from "./durable-file.ts";
import { readOwnFile } from "./own-file.ts";

const ATTEMPTS = 100;
/** The pause while another process takes a stale file over, which takes milliseconds. */
const WAIT_MS = 25;
/** A process that takes longer to take a file over was killed. */
const TAKEOVER_MS = 2000;

/** Either the file is ours until `release`, or another process holds it. */
export type Hold =
  | {
      readonly isOurs: true;
      /** The text of the file, which differs for each hold. */
      readonly text: string;
      readonly release: () => Promise<void>;
      readonly takenFrom: Holder | null;
    }
  | { readonly isOurs: false; readonly holder: Holder };

/** A file that someone holds, as it was found. */
export interface FoundHold {
  readonly text: string;
  readonly holder: Holder;
}

/**
 * Creates a file that only one process can have, with its holder as its content. A file whose holder
 * has ended, or that is older than `staleAfterMs`, is taken over.
 */
export async function tryHold(path: string, holder: Holder, staleAfterMs: number): Promise<Hold> {
  const text = JSON.stringify({ ...holder, id: randomUUID() });
  let takenFrom: Holder | null = null;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (await create(path, text)) {
      return { isOurs: true, text, takenFrom, release: async () => release(path, text) };
    }
    const found = await findHold(path);
    if (found === null) continue;
    if (!isStale(found.holder, staleAfterMs)) return { isOurs: false, holder: found.holder };
    if (await takeOver(path, found.text)) takenFrom = found.holder;
  }
  // Such as a link that leads nowhere.
  throw new Error(`${path} can be neither created nor read`);
}

/** The file and its holder; `null` where it is free. Rejects where it is a link, or another user's. */
export async function findHold(path: string): Promise<FoundHold | null> {
  try {
    const text = (await readOwnFile(path)).toString();
    const holder = parseHolder(text);
    if (holder !== null) return { text, holder };
    // A file that is not of this tool is judged by its age alone.
    return { text, holder: unknownHolder((await lstat(path)).mtime.toISOString()) };
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
}

/**
 * Whether the holder is a process of this host that has ended, or has held it for too long. A time that
 * cannot be read, or is as far in the future, counts as too long: a clock that went back must not block
 * anyone.
 */
export function isStale(holder: Holder, staleAfterMs: number): boolean {
  if (isGone(holder)) return true;
  return !(Math.abs(Date.now() - Date.parse(holder.since)) <= staleAfterMs);
}

async function create(path: string, text: string): Promise<boolean> {
  const temporary = temporaryName(path);
  try {
    await writeFile(temporary, text, { flag: "wx" });
    // Linked, so that it is never there without its holder.
    await link(temporary, path);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === "EEXIST") return false;
    if (code === "EPERM" || code === "ENOTSUP") return createPlainly(path, text);
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** For a file system without links. */
async function createPlainly(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/**
 * Moves a stale file out of the way, one process at a time: between the look at it and the move, the
 * file could become that of another process which has taken over first.
 */
async function takeOver(path: string, stale: string): Promise<boolean> {
  const turn = `${path}.takeover`;
  try {
    await writeFile(turn, "", { flag: "wx" });
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
    await sleep(WAIT_MS);
    const begun = await lstat(turn).catch(() => null);
    if (begun && Math.abs(Date.now() - begun.mtimeMs) > TAKEOVER_MS)
      await rm(turn, { force: true });
    return false;
  }
  try {
    const found = await findHold(path);
    return found?.text === stale && (await moveAway(path, stale));
  } finally {
    await rm(turn, { force: true });
  }
}

/** Moves a stale file out of the way, unless its holder has been faster. */
async function moveAway(path: string, stale: string): Promise<boolean> {
  const aside = temporaryName(path);
  try {
    await rename(path, aside);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    throw error;
  }
  const isTheStaleOne = (await findHold(aside))?.text === stale;
  // A new holder has been faster, and gets its file back.
  if (!isTheStaleOne) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
  return isTheStaleOne;
}

async function release(path: string, text: string): Promise<void> {
  if ((await findHold(path))?.text === text) await rm(path, { force: true });
}
