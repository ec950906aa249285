import { readFileSync, statSync } from "node:fs";
import { errorCode, messageOf } from "@edgezero/faults/faults";
import { ConfigStoreUnavailableError } from "@edgezero/rollout";
import type { FileValues } from "./content.ts";
import { checkFile, parseContent } from "./content.ts";

/** Says that a path leads to no file, or to none that can ever be read: as much as a read could tell. */
const ABSENT: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG"]);

/**
 * The outcome of one read of a config file. `text` differs where two outcomes do.
 *
 * A file that is absent or invalid was read: its operator means it, or has made a mistake. A read that
 * failed (no descriptor is left, the disk or the link to it fails, no permission) says nothing about the
 * values.
 */
export type FileOutcome =
  | {
      readonly kind: "values";
      readonly values: FileValues;
      readonly isUnlinked: boolean;
      readonly text: string;
    }
  | { readonly kind: "absent-or-invalid" | "failed"; readonly error: Error; readonly text: string };

/** Reads the bytes of a file; tests give another one. */
export type ReadBytes = (path: string) => Buffer;

/** Reads a config file. Never throws. */
export function readOutcome(path: string, readBytes: ReadBytes = readFileSync): FileOutcome {
  try {
    checkFile(statSync(path));
    const values = parseContent(readBytes(path));
    return { kind: "values", values, isUnlinked: isInNoFolder(path), text: JSON.stringify(values) };
  } catch (fault) {
    const text = `${path} cannot be read: ${messageOf(fault)}`;
    const code = errorCode(fault);
    const kind = code === "" || ABSENT.has(code) ? "absent-or-invalid" : "failed";
    return { kind, error: new ConfigStoreUnavailableError(text), text };
  }
}

function isInNoFolder(path: string): boolean {
  // Twice, since a file that is replaced at this moment has been found and is in no folder for once.
  return statSync(path).nlink === 0 && statSync(path).nlink === 0;
}
