import { readFileSync, statSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { dirname } from "node:path";
import { isSameValues, storedValues } from "../stored-values.ts";
import { createFile, overwriteFile, removeAbandoned, replaceFile } from "./durable-file.ts";
import { valueOf } from "./content.ts";
import type { Content, Values } from "./load.ts";
import { explain, load, textOf } from "./load.ts";
import { checkStillDue, lockLost } from "../still-due.ts";
import { fileCoordination, isHeldBy } from "./coordination.ts";
import { FILE } from "./kind.ts";
import { auditStem, fileLocation } from "./location.ts";
import type { OperatorStore, StoredValues, WriteGuard } from "../operator-store.ts";
import { StoreConflictError } from "../operator-store.ts";
import { withDeadline } from "@edgezero/faults/deadline";
import { errorCode } from "@edgezero/faults/faults";

const TIMEOUT_MS = 10_000;
const ATTEMPTS = 5;

/** The config file of the Node gateway: a JSON object of strings. */
export function openStore(url: string): OperatorStore {
  const path = fileLocation(url, process.cwd());
  const coordination = fileCoordination(auditStem(path));

  async function write(changes: Partial<Values>, guard: WriteGuard | null): Promise<void> {
    let target: string;
    for (let attempt = 1; ; attempt++) {
      const content = await load(path);
      const stored = valuesIn(content);
      const values = { ...content.values, ...definedOf(changes) };
      ({ target } = content);
      if (guard !== null) {
        if (!isSameValues(stored, guard.expected)) {
          throw new StoreConflictError(`${path} was changed by someone else meanwhile`);
        }
        await checkStillDue(coordination, guard);
        if (!(await isHeldBy(coordination.lock, guard.lock.fence))) {
          throw lockLost();
        }
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
    // An older write that is still under way must fail.
    const fromAgeMs = guard === null ? -Infinity : undefined;
    await removeAbandoned(target, fromAgeMs).catch(() => {});
  }

  /** Gives up on a file system that hangs, such as a mount whose server is gone. */
  async function inTime<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await withDeadline(TIMEOUT_MS, action, `it did not answer in ${TIMEOUT_MS} ms`);
    } catch (error) {
      throw explain(path, error);
    }
  }

  return {
    location: `file:${path}`,
    propagation: FILE.propagation.text,
    propagationMs: FILE.propagation.ms,
    read: async () => inTime(async () => valuesIn(await load(path))),
    coordination,
    write: async (changes, guard) => inTime(async () => write(changes, guard)),
    overwrite: async (changes) => inTime(async () => write(changes, null)),
    create: async (values) => inTime(async () => create(path, definedOf(values))),
    checkWritable: async () => inTime(async () => checkWritable(path)),
    close: async () => {},
  };
}

function valuesIn({ values }: Content): StoredValues {
  return storedValues((key) => valueOf(values, key));
}

class ChangedMeanwhile extends Error {}

/** A file that was replaced by the same content has changed too: an operator has decided so. */
function checkUnchanged({ target, bytes, stats }: Content): void {
  const { ino, ctimeMs } = statSync(target);
  if (ino !== stats.ino || ctimeMs !== stats.ctimeMs || !readFileSync(target).equals(bytes)) {
    throw new ChangedMeanwhile("it is being changed by someone else, again and again");
  }
}

/** Also where another writer has removed the new file before it could replace the old one. */
function isChangedMeanwhile(error: unknown): boolean {
  const isRename = error instanceof Error && "syscall" in error && error.syscall === "rename";
  return error instanceof ChangedMeanwhile || (isRename && errorCode(error) === "ENOENT");
}

/** A full disk, a folder that another user owns, or a file that is mounted by itself. */
function isIrreplaceable(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS", "EBUSY"].includes(errorCode(error));
}

async function create(path: string, values: Values): Promise<void> {
  try {
    await createFile(path, textOf(values));
  } catch (error) {
    if (errorCode(error) === "EEXIST") {
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
