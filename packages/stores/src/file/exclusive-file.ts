import { link, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Holder } from "../coordination.ts";
import { temporaryName } from "./durable-file.ts";
import { readRegularFile } from "./regular-file.ts";
import { parseShown } from "../parse-shown.ts";

const ATTEMPTS = 100;
/** While another takes a stale one over, which takes milliseconds. */
const WAIT_MS = 25;
/** Whoever takes longer to take over has been killed meanwhile. */
const TAKEOVER_MS = 2000;

/** Either the file is ours until `release`, or someone else's. */
export type Hold =
  | {
      readonly isOurs: true;
      readonly release: () => Promise<void>;
      readonly takenFrom: Holder | null;
    }
  | { readonly isOurs: false; readonly holder: Holder };

/** The one who would hold it: this process. */
export function thisHolder(who: string, command: string): Holder {
  const since = new Date().toISOString();
  return { who, host: hostname(), pid: process.pid, since, command };
}

/**
 * Creates a file that only one process can have, complete with who has it. One whose holder is dead,
 * or that is older than `staleAfterMs`, is taken over.
 */
export async function tryHold(path: string, holder: Holder, staleAfterMs: number): Promise<Hold> {
  let takenFrom: Holder | null = null;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (await create(path, holder)) {
      return { isOurs: true, takenFrom, release: () => release(path, holder) };
    }
    const found = await holderOf(path);
    if (found === null) continue;
    if (!isStale(found, staleAfterMs)) return { isOurs: false, holder: found };
    if (await takeOver(path, found)) takenFrom = found;
  }
  // Such as a link that leads nowhere.
  throw new Error(`${path} can be neither created nor read`);
}

/** Who holds the file; `null` when no one does. */
export async function holderOf(path: string): Promise<Holder | null> {
  try {
    const text = (await readRegularFile(path)).toString();
    const holder = parse(text);
    if (holder !== null) return holder;
    // Not of this tool, so that only its age can tell.
    const since = (await stat(path)).mtime.toISOString();
    return { who: "unknown", host: "unknown", pid: 0, since, command: "unknown" };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/**
 * Whether the holder is a process of this host that is gone, or has held it for too long. A time that
 * is as far in the future, or none, counts as too long: a clock went back, which must block no one.
 */
export function isStale({ host, pid, since }: Holder, staleAfterMs: number): boolean {
  if (host === hostname() && !isAlive(pid)) return true;
  return !(Math.abs(Date.now() - Date.parse(since)) <= staleAfterMs);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function create(path: string, holder: Holder): Promise<boolean> {
  const text = JSON.stringify(holder);
  const temporary = temporaryName(path);
  try {
    await writeFile(temporary, text, { flag: "wx" });
    // Linked, so that it is never there without its holder.
    await link(temporary, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
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
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Moves a stale file out of the way, one process at a time: between the look at it and the move, the
 * file could become another's that has taken over first.
 */
async function takeOver(path: string, stale: Holder): Promise<boolean> {
  const turn = `${path}.takeover`;
  try {
    await writeFile(turn, "", { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    await sleep(WAIT_MS);
    const begun = await stat(turn).catch(() => null);
    if (begun && Math.abs(Date.now() - begun.mtimeMs) > TAKEOVER_MS)
      await rm(turn, { force: true });
    return false;
  }
  try {
    const found = await holderOf(path);
    return found !== null && isSame(found, stale) && (await moveAway(path, stale));
  } finally {
    await rm(turn, { force: true });
  }
}

function isSame(one: Holder, other: Holder): boolean {
  return one.pid === other.pid && one.since === other.since;
}

/** Moves a stale file out of the way, unless its holder has been faster. */
async function moveAway(path: string, stale: Holder): Promise<boolean> {
  const aside = temporaryName(path);
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
  const moved = await holderOf(aside);
  const isTheStaleOne = moved !== null && isSame(moved, stale);
  // By then it was the next one's: it gets it back.
  if (!isTheStaleOne) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
  return isTheStaleOne;
}

async function release(path: string, { pid, since }: Holder): Promise<void> {
  const found = await holderOf(path);
  if (found?.pid === pid && found.since === since) await rm(path, { force: true });
}

function parse(text: string): Holder | null {
  try {
    const holder = parseShown(text) as Partial<Holder> | null;
    const isHolder =
      typeof holder?.who === "string" &&
      typeof holder.host === "string" &&
      typeof holder.pid === "number" &&
      typeof holder.since === "string";
    return isHolder ? { ...(holder as Holder), command: holder.command ?? "unknown" } : null;
  } catch {
    return null;
  }
}
