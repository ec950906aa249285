import type { FSWatcher } from "node:fs";
import { readFileSync, statSync, watch } from "node:fs";
import { dirname } from "node:path";
import { messageOf } from "@edgezero/faults/faults";
import type { Logger } from "@edgezero/rollout";
import { ConfigStoreUnavailableError } from "@edgezero/rollout";
import type { FileValues } from "./content.ts";
import { checkFile, parseContent, valueOf } from "./content.ts";
import type { OpenConfigStore } from "../open-config-store.ts";
import { shownValues } from "../shown-values.ts";

/** A fallback for file systems without change events, and for a folder that is replaced. */
const POLL_MS = 1000;
/** A file that is being written may be broken for a moment, which is not worth a warning. */
const SETTLE_MS = 100;

const UNLINKED =
  "config file was replaced where it is mounted from, and changes do not reach this process: mount its folder instead";

/** The values that were read, or why there are none. The text differs where they do. */
type Snapshot = { readonly text: string } & (
  | { readonly values: FileValues; readonly isUnlinked: boolean }
  | { readonly error: Error }
);

/**
 * A config store over a JSON file of string values.
 *
 * The file is watched: a change applies to the very next request, and no request reads the disk. Where
 * the file is missing, unreadable or not a JSON object of strings, the store cannot be opened until the
 * file is repaired; the log says so once. Only `get` ever throws.
 *
 * A file that is mounted by itself into a container stays the old one when it is replaced outside: its
 * path names what is in no folder any more. The values that it has still count. It is looked for by its
 * path all the time, so that a new mount is seen, and the log says so once.
 */
export function openFileConfigStore(path: string, logger: Logger): OpenConfigStore {
  let snapshot: Snapshot;
  let confirmedAt: number | null = null;
  let reported = "";
  let wasUnlinked = false;
  let watcher: FSWatcher | undefined;
  let settling: NodeJS.Timeout | undefined;

  function read(): void {
    snapshot = load(path);
    if (!("error" in snapshot)) confirmedAt = performance.now();
    if (isUnlinked() && !wasUnlinked) logger.warn(UNLINKED, { path });
    wasUnlinked = isUnlinked();
  }

  function isUnlinked(): boolean {
    return "values" in snapshot && snapshot.isUnlinked;
  }

  function reload(): void {
    read();
    if (snapshot.text === reported) return;
    clearTimeout(settling);
    settling = setTimeout(report, "error" in snapshot ? SETTLE_MS : 0);
  }

  function report(): void {
    const description = snapshot.text;
    if (description === reported) return;
    const isFirst = reported === "";
    reported = description;
    if ("error" in snapshot) {
      logger.warn("config file cannot be read, all requests go to legacy", { error: description });
    } else if (!isFirst) {
      const { values } = snapshot;
      const shown = shownValues((key) => (Object.hasOwn(values, key) ? values[key] : undefined));
      logger.info("config file changed", { path, ...shown });
    }
  }

  function rewatch(): void {
    watcher?.close();
    watcher = watchFolder(path, reload);
  }

  // Watched before it is read, so that no change is missed.
  rewatch();
  read();
  report();
  const poll = setInterval(() => {
    // By now the folder may be another one of the same name.
    rewatch();
    reload();
  }, POLL_MS);
  poll.unref();

  return {
    get(key) {
      if ("error" in snapshot) throw snapshot.error;
      return valueOf(snapshot.values, key);
    },
    confirmedAt: () => confirmedAt,
    isUnlinked,
    close() {
      clearInterval(poll);
      clearTimeout(settling);
      watcher?.close();
    },
  };
}

function load(path: string): Snapshot {
  try {
    checkFile(statSync(path));
    const values = parseContent(readFileSync(path));
    return { values, isUnlinked: isInNoFolder(path), text: JSON.stringify(values) };
  } catch (error) {
    const text = `${path} cannot be read: ${messageOf(error)}`;
    return { error: new ConfigStoreUnavailableError(text), text };
  }
}

function isInNoFolder(path: string): boolean {
  // Twice, since a file that is replaced at this moment has been found and is in no folder for once.
  return statSync(path).nlink === 0 && statSync(path).nlink === 0;
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
