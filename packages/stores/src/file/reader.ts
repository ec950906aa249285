import type { FSWatcher } from "node:fs";
import { watch } from "node:fs";
import { dirname } from "node:path";
import type { Logger } from "@edgezero/rollout";
import { ConfigStoreUnavailableError } from "@edgezero/rollout";
import type { ConfigFileValues } from "./config-file.ts";
import { readConfigFile, valueOf } from "./config-file.ts";
import type { OpenConfigStore } from "../open-config-store.ts";
import { shownValues } from "../shown-values.ts";

/** A fallback for file systems without change events, and for a folder that is replaced. */
const POLL_MS = 1000;
/** A file that is being written may be broken for a moment, which is not worth a warning. */
const SETTLE_MS = 100;

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
export function openFileConfigStore(path: string, logger: Logger): OpenConfigStore {
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
    close() {
      clearInterval(poll);
      clearTimeout(settling);
      watcher?.close();
    },
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
