import { readFileSync, statSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { dirname } from "node:path";
import { isSameValues } from "../stored-values.ts";
import { createFile, overwriteFile, removeAbandoned, replaceFile } from "./durable-file.ts";
import type { Content, Values } from "./content.ts";
import { explain, load, storedValues, textOf } from "./content.ts";
import { checkStillDue } from "../still-due.ts";
import { fileCoordination } from "./coordination.ts";
import { auditStem, fileLocation } from "./location.ts";
import type { OperatorStore, WriteGuard } from "../operator-store.ts";
import { StoreConflictError } from "../operator-store.ts";
import { within } from "../within.ts";

const TIMEOUT_MS = 10_000;
const ATTEMPTS = 5;

/** The config file of the Node gateway: a JSON object of strings. */
export function openFileStore(url: string): OperatorStore {
  const path = fileLocation(url, process.cwd());

  const coordination = fileCoordination(auditStem(path));

  async function write(changes: Partial<Values>, guard: WriteGuard | null): Promise<void> {
    let target: string;
    for (let attempt = 1; ; attempt++) {
      const content = await load(path);
      const stored = storedValues(content.values);
      const values = { ...content.values, ...definedOf(changes) };
      ({ target } = content);
      if (guard !== null) {
        if (!isSameValues(stored, guard.expected)) {
          throw new StoreConflictError(`${path} was changed by someone else meanwhile`);
        }
        await checkStillDue(coordination, guard);
      }
      try {
        // Other keys stay as they are, so what was read must still be there when it is replaced.
        await replaceFile(target, textOf(values), {
          like: content.stats,
          check: () => checkUnchanged(content),
        });
        break;
      } catch (error) {
        if (guard === null && isIrreplaceable(error)) {
          await overwriteFile(target, JSON.stringify(values)).catch((fault: unknown) => {
            throw explain(path, fault);
          });
          break;
        }
        if (!isChangedMeanwhile(error) || attempt === ATTEMPTS) throw explain(path, error);
      }
    }
    // What another has begun to write over what was there before must not come after this.
    const fromAgeMs = guard === null ? -Infinity : undefined;
    await removeAbandoned(target, fromAgeMs).catch(() => {});
  }

  return {
    location: `file:${path}`,
    propagation: "at once; within a second where the file system reports no changes",
    read: () => within(TIMEOUT_MS, path, async () => storedValues((await load(path)).values)),
    coordination,
    write: (changes, guard) => within(TIMEOUT_MS, path, () => write(changes, guard)),
    overwrite: (changes) => within(TIMEOUT_MS, path, () => write(changes, null)),
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

function definedOf(changes: Partial<Values>): Values {
  return Object.fromEntries(
    Object.entries(changes).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
