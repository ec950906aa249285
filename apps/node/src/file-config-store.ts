import type { FSWatcher } from "node:fs";
import { watch } from "node:fs";
import { dirname } from "node:path";
import type { ConfigStore, Logger } from "@edgezero/rollout";
import {
  ConfigStoreUnavailableError,
  EDGEZERO_ENABLED_KEY,
  EDGEZERO_ROLLOUT_PCT_KEY,
} from "@edgezero/rollout";
import type { ConfigFileValues } from "./config-file.ts";
import { readConfigFile, valueOf } from "./config-file.ts";

/** A fallback for file systems without change events, and for a folder that is replaced. */
const POLL_MS = 1000;
/** A file that is being written may be broken for a moment, which is not worth a warning. */
const SETTLE_MS = 100;

/** A config store that must be closed, so that the process can end. */
export interface FileConfigStore extends ConfigStore {
  /** When the file was last read well, in milliseconds as `performance.now()`; `null` never. */
  confirmedAt(): number | null;
  close(): void;
}

/** What was read, with a text that differs where it does. */
type Snapshot = { readonly text: string } & (
  | { readonly values: ConfigFileValues }
  | { readonly error: Error }
);

/**
 * A config store over a JSON file of string values.
 *
 * The file is watched: a change applies to the very next request, and no request reads the disk. A
 * file that is missing, unreadable or not a JSON object is a store that cannot be opened, until it
 * is mended; that is reported once. Never throws but from `get`.
 */
export function openFileConfigStore(path: string, logger: Logger): FileConfigStore {
  let snapshot: Snapshot;
  let confirmedAt: number | null = null;
  let reported = "";
  let watcher: FSWatcher | undefined;
  let settling: NodeJS.Timeout | undefined;

  function read(): void {
    snapshot = load(path);
    if (!("error" in snapshot)) confirmedAt = performance.now();
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
      logger.warn("config file is broken, all requests go to legacy", { error: description });
    } else if (!isFirst) {
      logger.info("config file changed", { path, ...shownValues(snapshot.values) });
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
    close() {
      clearInterval(poll);
      clearTimeout(settling);
      watcher?.close();
    },
  };
}

/** What the file now says of the rollout, so that an operator sees from the log what was read. */
function shownValues(values: ConfigFileValues): Record<string, string> {
  const show = (key: string): string =>
    Object.hasOwn(values, key) ? JSON.stringify(values[key]).slice(0, 80) : "absent";
  return {
    [EDGEZERO_ENABLED_KEY]: show(EDGEZERO_ENABLED_KEY),
    [EDGEZERO_ROLLOUT_PCT_KEY]: show(EDGEZERO_ROLLOUT_PCT_KEY),
  };
}

function load(path: string): Snapshot {
  try {
    const values = readConfigFile(path);
    return { values, text: toText(path, values) };
  } catch (error) {
    return { error: error as Error, text: (error as Error).message };
  }
}

function toText(path: string, values: ConfigFileValues): string {
  try {
    return JSON.stringify(values);
  } catch {
    // What can be parsed cannot always be printed.
    throw new ConfigStoreUnavailableError(`${path} is nested too deeply`);
  }
}

/**
 * Watches the file's folder, not the file: a rename over the file, as an atomic write does, leaves
 * a watch of the file itself on the old one. Any event counts, since the file may be a link.
 */
function watchFolder(path: string, onChange: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(dirname(path), { persistent: false }, onChange);
    // The poll watches anew.
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
