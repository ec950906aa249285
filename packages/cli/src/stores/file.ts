import type { Stats } from "node:fs";
import { readFileSync, statSync } from "node:fs";
import { access, constants, readFile, realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import { createFile, overwriteFile, removeAbandoned, replaceFile } from "./durable-file.ts";
import { fileLocation } from "./file-location.ts";
import type { OperatorStore, StillDue, StoredValues } from "./operator-store.ts";
import { StoreConflictError, StoreError, StoreMissingError } from "./operator-store.ts";
import { within } from "./within.ts";

/** What the Node gateway takes. */
const MAX_BYTES = 64 * 1024;
const TIMEOUT_MS = 10_000;
const ATTEMPTS = 5;

type Values = Record<string, string>;

interface Content {
  /** Where a link leads. */
  readonly target: string;
  readonly bytes: Buffer;
  readonly stats: Stats;
  readonly values: Values;
}

/** The config file of the Node gateway: a JSON object of strings. */
export function openFileStore(url: string): OperatorStore {
  const path = fileLocation(url, process.cwd());

  async function write(
    changes: Partial<Values>,
    expected?: StoredValues,
    stillDue?: StillDue,
  ): Promise<void> {
    let target: string;
    for (let attempt = 1; ; attempt++) {
      const content = await load(path);
      const stored = storedValues(content.values);
      const values = { ...content.values, ...definedOf(changes) };
      ({ target } = content);
      if (expected !== undefined && !isSame(stored, expected)) {
        throw new StoreConflictError(`${path} was changed by someone else meanwhile`);
      }
      await stillDue?.();
      try {
        // Other keys stay as they are, so what was read must still be there when it is replaced.
        await replaceFile(target, textOf(values), {
          like: content.stats,
          check: () => checkUnchanged(content),
        });
        break;
      } catch (error) {
        if (expected === undefined && isIrreplaceable(error)) {
          await overwriteFile(target, JSON.stringify(values)).catch((fault: unknown) => {
            throw explain(path, fault);
          });
          break;
        }
        if (!isChangedMeanwhile(error) || attempt === ATTEMPTS) throw explain(path, error);
      }
    }
    // What another has begun to write over what was there before must not come after this.
    const fromAgeMs = expected === undefined ? -Infinity : undefined;
    await removeAbandoned(target, fromAgeMs).catch(() => {});
  }

  return {
    location: `file:${path}`,
    propagation: "at once; within a second where the file system reports no changes",
    read: () => within(TIMEOUT_MS, path, async () => storedValues((await load(path)).values)),
    write: (changes, expected, stillDue) =>
      within(TIMEOUT_MS, path, () => write(changes, expected, stillDue)),
    create: (values) => within(TIMEOUT_MS, path, () => create(path, definedOf(values))),
    checkWritable: () => within(TIMEOUT_MS, path, () => checkWritable(path)),
    close: async () => {},
  };
}

class ChangedMeanwhile extends Error {}

/** What was replaced by the same content counts, too: someone has decided that it should be so. */
function checkUnchanged({ target, bytes, stats }: Content): void {
  const { ino, ctimeMs } = statSync(target);
  if (ino !== stats.ino || ctimeMs !== stats.ctimeMs || !readFileSync(target).equals(bytes)) {
    throw new ChangedMeanwhile("it is being changed by someone else, again and again");
  }
}

/** Also where another who has written has taken away what was to come in its place. */
function isChangedMeanwhile(error: unknown): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return error instanceof ChangedMeanwhile || (code === "ENOENT" && syscall === "rename");
}

/** A full disk, a folder that is another's, or a file that is mounted by itself. */
function isIrreplaceable(error: unknown): boolean {
  const { code = "" } = error as NodeJS.ErrnoException;
  return ["ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS", "EBUSY"].includes(code);
}

async function create(path: string, values: Values): Promise<void> {
  try {
    await createFile(path, textOf(values));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      throw new StoreConflictError(`${path} is there already`);
    }
    throw explain(path, error);
  }
}

async function checkWritable(path: string): Promise<void> {
  try {
    const { target } = await load(path);
    await access(dirname(target), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw explain(path, error);
  }
}

async function load(path: string): Promise<Content> {
  try {
    const target = await realpath(path);
    const stats = await stat(target);
    if (!stats.isFile()) throw new Error("it is not a regular file");
    if (stats.size > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
    const bytes = await readFile(target);
    return { target, stats, bytes, values: parse(bytes.toString()) };
  } catch (error) {
    throw explain(path, error);
  }
}

function parse(text: string): Values {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The parser's own message may quote the file, which can hold more than the rollout's keys.
    throw new Error("it does not hold valid JSON");
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new Error("it does not hold a JSON object");
  }
  for (const [key, value] of Object.entries(parsed)) {
    if (typeof value !== "string") {
      throw new Error(`${JSON.stringify(key)} is not a JSON string, as every value must be`);
    }
  }
  return parsed as Values;
}

function storedValues(values: Values): StoredValues {
  const valueOf = (key: string): string | null =>
    Object.hasOwn(values, key) ? (values[key] ?? null) : null;
  return {
    [EDGEZERO_ENABLED_KEY]: valueOf(EDGEZERO_ENABLED_KEY),
    [EDGEZERO_ROLLOUT_PCT_KEY]: valueOf(EDGEZERO_ROLLOUT_PCT_KEY),
  };
}

function isSame(a: StoredValues, b: StoredValues): boolean {
  return (
    a[EDGEZERO_ENABLED_KEY] === b[EDGEZERO_ENABLED_KEY] &&
    a[EDGEZERO_ROLLOUT_PCT_KEY] === b[EDGEZERO_ROLLOUT_PCT_KEY]
  );
}

function definedOf(changes: Partial<Values>): Values {
  return Object.fromEntries(
    Object.entries(changes).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function textOf(values: Values): string {
  return `${JSON.stringify(values, null, 2)}\n`;
}

function explain(path: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return new StoreMissingError(`${path} does not exist`);
  return new StoreError(`${path} cannot be used: ${message}`, { cause: error });
}
