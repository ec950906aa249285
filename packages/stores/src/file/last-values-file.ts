import { dirname } from "node:path";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { errorCode, messageOf } from "@edgezero/faults/faults";
import type { Logger } from "@edgezero/rollout";
import type { KeptValues, LastValues } from "../last-values.ts";
import { NO_LAST_VALUES } from "../last-values.ts";
import type { StoredValues } from "../operator-store.ts";
import { isSameValues } from "../stored-values.ts";
import { removeAbandoned, temporaryName } from "./durable-file.ts";
import { parseRecord, recordText } from "./last-values-record.ts";
import { readOwnFile } from "./own-file.ts";
import { checkOwner, isAllowed, TrustError } from "./trust.ts";

const MOST_BYTES = 64 * 1024;
const OTHERS_WRITE = 0o022;
const STICKY = 0o1000;
const LONGEST_REFRESH_MS = 60_000;

/** Settings of {@link openLastValues}. */
export interface LastValuesOptions {
  readonly path: string;
  /** How long values may be used after they were read, in milliseconds. */
  readonly maxAgeMs: number;
  /** The place of the store, without credentials. The values of another place are never used. */
  readonly store: string;
  readonly logger: Logger;
}

/**
 * Keeps the last values in a file, which is replaced as a whole.
 *
 * A change is written, and on the disk, before it is obeyed. Where that fails, the file is removed, so
 * that older values cannot come back. The time of the last read is written about ten times in `maxAgeMs`,
 * at least each minute: values never look younger than they are.
 *
 * The file is used and written only where nobody else can write it: it belongs to us or to root and is no
 * link, and so does its folder. Otherwise nothing is kept, which the log says. Never rejects.
 */
export async function openLastValues(options: LastValuesOptions): Promise<LastValues> {
  const { path, logger } = options;
  try {
    await checkFolder(dirname(path));
  } catch (error) {
    logger.warn("last values are not kept on disk", { path, error: messageOf(error) });
    return NO_LAST_VALUES;
  }
  await removeAbandoned(path).catch(() => {});
  return keepIn(options, await readKept(options));
}

function keepIn(options: LastValuesOptions, kept: KeptValues | null): LastValues {
  const { path, maxAgeMs, store, logger } = options;
  const refreshMs = Math.max(1000, Math.min(maxAgeMs / 10, LONGEST_REFRESH_MS));
  let written: { readonly values: StoredValues; readonly readAt: number } | null = null;
  let isForgotten = false;
  let isWarned = false;

  function warn(error: unknown): void {
    if (!isWarned)
      logger.warn("last values cannot be kept on disk", { path, error: messageOf(error) });
    isWarned = true;
  }

  function remove(): void {
    written = null;
    try {
      rmSync(path, { force: true });
      isForgotten = true;
    } catch (error) {
      warn(error);
    }
  }

  return {
    kept,
    keep(values, readAt) {
      const isChange = written === null || !isSameValues(written.values, values);
      if (!isChange && readAt - (written?.readAt ?? 0) < refreshMs) return;
      try {
        replaceNow(path, recordText({ store, values, readAt: wallClock(readAt) }), isChange);
        written = { values, readAt };
        isForgotten = false;
        isWarned = false;
      } catch (error) {
        warn(error);
        // An old time of the same values is safe. Old values are not.
        if (isChange) remove();
      }
    },
    forget() {
      if (!isForgotten) remove();
    },
  };
}

/** Reads the file; `null` where there is none, or where its values may not be used, which is logged. */
async function readKept(options: LastValuesOptions): Promise<KeptValues | null> {
  const { path, maxAgeMs, store, logger } = options;
  try {
    const bytes = await readOwnFile(path, MOST_BYTES);
    const { mode } = await stat(path);
    if (process.geteuid !== undefined && (mode & OTHERS_WRITE) !== 0 && !isAllowed(path)) {
      throw new TrustError(path, "may be written by other users");
    }
    const outcome = parseRecord(String(bytes), { store, maxAgeMs, now: Date.now() });
    if (outcome.kind === "refused") throw new Error(outcome.why);
    const readAt = performance.now() - outcome.ageMs;
    return { values: outcome.values, readAt, standsUntil: readAt + maxAgeMs };
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    logger.warn("last values on disk are not used", { path, error: messageOf(error) });
    return null;
  }
}

async function checkFolder(folder: string): Promise<void> {
  if (process.geteuid === undefined || isAllowed(folder)) return;
  const stats = await stat(folder);
  checkOwner(folder, stats);
  // In a sticky folder such as /tmp, only its owner can replace a file.
  if ((stats.mode & OTHERS_WRITE) !== 0 && (stats.mode & STICKY) === 0) {
    throw new TrustError(folder, "may be written by other users");
  }
}

/** Replaces the file in this tick, so that nothing obeys a change before it is written. */
function replaceNow(path: string, text: string, isDurable: boolean): void {
  const temporary = temporaryName(path);
  const descriptor = openSync(temporary, "wx", 0o600);
  try {
    try {
      writeFileSync(descriptor, text);
      if (isDurable) fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function wallClock(monotonic: number): number {
  return Date.now() - (performance.now() - monotonic);
}
