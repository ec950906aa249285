import type { FSWatcher } from "node:fs";
import { watch } from "node:fs";
import { dirname, resolve } from "node:path";
import type { FileValues } from "./content.ts";
import { valueOf } from "./content.ts";
import type { GatewayStoreKind, OpenOptions } from "../gateway-store.ts";
import type { OpenConfigStore } from "../open-config-store.ts";
import type { StoredValues } from "../operator-store.ts";
import { storedValues } from "../stored-values.ts";
import { fileLocation, isFileUrl } from "./location.ts";
import type { FileOutcome, ReadBytes } from "./outcome.ts";
import { readOutcome } from "./outcome.ts";
import type { FileState } from "./report.ts";
import { createFileReport } from "./report.ts";

/** A fallback for file systems without change events, and for a folder that is replaced. */
const POLL_MS = 1000;

const UNLINKED =
  "config file was replaced where it is mounted from, and changes do not reach this process: mount its folder instead";

/** A config file: by its path, or by its `file:` URL. */
export const FILE_READER: GatewayStoreKind = {
  form: "a path, a file: URL",
  means: (text) => isFileUrl(text) || !/^[a-z][a-z0-9+.-]+:\/\//i.test(text),
  locate(text) {
    const path = pathOf(text);
    if (path === null) return null;
    return {
      text: path,
      shown: path,
      obeyed: "the next request obeys",
      open: (options) => openFileConfigStore(path, options),
    };
  },
};

/** The path of a path or URL, as the command also reads it. */
function pathOf(text: string): string | null {
  if (!isFileUrl(text)) return resolve(text);
  try {
    return fileLocation(text, process.cwd());
  } catch {
    return null;
  }
}

/** Values that stand while reads fail. */
interface Standing {
  readonly values: FileValues;
  /** By `performance.now()`. */
  readonly until: number;
}

/**
 * A config store over a JSON file of string values.
 *
 * The file is watched: a change applies to the very next request, and no request reads the disk. Where
 * the file is missing or not a JSON object of strings, the store cannot be opened until the file is
 * repaired. Where a read fails, what was read before stands until `maxAgeMs` milliseconds after its read;
 * before the first read, what is kept for this process. The log says so once. Only `get` ever throws.
 *
 * A file that is mounted by itself into a container stays the old one when it is replaced outside: its
 * path names what is in no folder any more. The values that it has still count. It is looked for by its
 * path all the time, so that a new mount is seen, and the log says so once.
 */
export function openFileConfigStore(
  path: string,
  { maxAgeMs, last, logger }: OpenOptions,
  readBytes?: ReadBytes,
): OpenConfigStore {
  let outcome: FileOutcome;
  let standing: Standing | null =
    last.kept === null
      ? null
      : { values: presentIn(last.kept.values), until: last.kept.standsUntil };
  let confirmedAt = last.kept?.readAt ?? null;
  let wasUnlinked = false;
  let watcher: FSWatcher | undefined;
  const report = createFileReport(path, stateNow, logger);

  function read(): void {
    const readAt = performance.now();
    const found = readOutcome(path, readBytes);
    // A read that failed does not tell.
    if (found.kind !== "failed") accept(found, readAt);
    outcome = found;
  }

  function accept(found: Exclude<FileOutcome, { kind: "failed" }>, readAt: number): void {
    const kept = found.kind === "values" ? storedIn(found.values) : null;
    if (kept === null) last.forget();
    else last.keep(kept, readAt);
    standing = null;
    const isUnlinked = found.kind === "values" && found.isUnlinked;
    if (found.kind === "values") {
      confirmedAt = readAt;
      standing = { values: found.values, until: readAt + maxAgeMs };
    }
    if (isUnlinked && !wasUnlinked) logger.warn(UNLINKED, { path });
    wasUnlinked = isUnlinked;
  }

  function stateNow(): FileState {
    const { text } = outcome;
    if (outcome.kind === "values") return { kind: "read", values: outcome.values, text };
    const leftMs = (standing?.until ?? -Infinity) - performance.now();
    const isStanding = outcome.kind === "failed" && leftMs >= 0;
    return isStanding ? { kind: "stands", standsForMs: leftMs, text } : { kind: "legacy", text };
  }

  function reload(): void {
    read();
    report.afterRead();
  }

  function rewatch(): void {
    watcher?.close();
    watcher = watchFolder(path, reload);
  }

  // Watched before it is read, so that no change is missed.
  rewatch();
  read();
  report.now();
  const poll = setInterval(
    () => {
      // By now the folder may be another one of the same name.
      rewatch();
      reload();
    },
    Math.min(POLL_MS, maxAgeMs / 4),
  );
  poll.unref();

  return {
    get(key) {
      if (outcome.kind === "values") return valueOf(outcome.values, key);
      if (outcome.kind === "failed" && standing !== null && performance.now() <= standing.until) {
        return valueOf(standing.values, key);
      }
      throw outcome.error;
    },
    confirmedAt: () => confirmedAt,
    isUnlinked: () => wasUnlinked,
    close() {
      clearInterval(poll);
      report.close();
      watcher?.close();
    },
  };
}

/** The rollout's values of a file; `null` where one is not a string, and so was not read. */
function storedIn(values: FileValues): StoredValues | null {
  try {
    return storedValues((key) => valueOf(values, key));
  } catch {
    return null;
  }
}

function presentIn(values: StoredValues): FileValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

/**
 * Watches the file's folder. A watch of the file itself stays with the old file when another is renamed
 * over it, as an atomic write does. Any event counts, since the file may be a link.
 */
function watchFolder(path: string, onChange: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(dirname(path), { persistent: false }, onChange);
    // The poll starts another watch.
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
