import type { Stats } from "node:fs";
import { readFile, realpath, stat } from "node:fs/promises";
import { errorCode, messageOf } from "@edgezero/faults/faults";
import { StoreError, StoreMissingError } from "../operator-store.ts";
import { checkFile, parseContent, stringsOf } from "./content.ts";

/** All keys of the file, also keys that are not the rollout's. */
export type Values = Record<string, string>;

/** A config file as it was found. */
export interface Content {
  /** The file that a link leads to. */
  readonly target: string;
  readonly bytes: Buffer;
  readonly stats: Stats;
  readonly values: Values;
}

/** Reads the file. Rejects with a {@link StoreError} where the gateway cannot use each of its keys. */
export async function load(path: string): Promise<Content> {
  try {
    const target = await realpath(path);
    const stats = await stat(target);
    checkFile(stats);
    const bytes = await readFile(target);
    return { target, stats, bytes, values: stringsOf(parseContent(bytes)) };
  } catch (error) {
    throw explain(path, error);
  }
}

/** The text of a file with these values. */
export function textOf(values: Values): string {
  return `${JSON.stringify(values, null, 2)}\n`;
}

/** A fault as operators see it. */
export function explain(path: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  if (errorCode(error) === "ENOENT") return new StoreMissingError(`${path} does not exist`);
  return new StoreError(`${path} cannot be used: ${messageOf(error)}`, { cause: error });
}
