import { randomUUID } from "node:crypto";
import { link, rm, writeFile } from "node:fs/promises";
import { errorCode } from "@edgezero/faults/faults";
import type { Holder } from "../coordination.ts";
import { temporaryName } from "./durable-file.ts";
import { findHold, isStale } from "./found-hold.ts";
import { takeEnded, takeOver } from "./take-over.ts";

const ATTEMPTS = 100;

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

/**
 * Creates a file that only one process can have, with its holder as its content. A file whose holder
 * has ended, or that is older than `staleAfterMs`, is taken over.
 */
export async function tryHold(path: string, holder: Holder, staleAfterMs: number): Promise<Hold> {
  const text = JSON.stringify({ ...holder, id: randomUUID() });
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (await create(path, text)) {
      const takenFrom = await takeEnded(path);
      return { isOurs: true, text, takenFrom, release: async () => release(path, text) };
    }
    const found = await findHold(path);
    if (found === null) continue;
    if (!isStale(found.holder, staleAfterMs)) return { isOurs: false, holder: found.holder };
    await takeOver(path, found.text);
  }
  // Such as a link that leads nowhere.
  throw new Error(`${path} can be neither created nor read`);
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

async function release(path: string, text: string): Promise<void> {
  if ((await findHold(path))?.text === text) await rm(path, { force: true });
}
