import type { Stats } from "node:fs";
import { readFile, realpath, stat } from "node:fs/promises";
import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import type { StoredValues } from "../operator-store.ts";
import { StoreError, StoreMissingError } from "../operator-store.ts";

/** What the Node gateway takes. */
const MAX_BYTES = 64 * 1024;

/** All keys of the file, those of others too. */
export type Values = Record<string, string>;

/** A config file as it was found. */
export interface Content {
  /** Where a link leads. */
  readonly target: string;
  readonly bytes: Buffer;
  readonly stats: Stats;
  readonly values: Values;
}

/** Reads the file; rejects with a {@link StoreError} where it is not one that the gateway takes. */
export async function load(path: string): Promise<Content> {
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

/** The values of the rollout's keys. */
export function storedValues(values: Values): StoredValues {
  const valueOf = (key: string): string | null =>
    Object.hasOwn(values, key) ? (values[key] ?? null) : null;
  return {
    [EDGEZERO_ENABLED_KEY]: valueOf(EDGEZERO_ENABLED_KEY),
    [EDGEZERO_ROLLOUT_PCT_KEY]: valueOf(EDGEZERO_ROLLOUT_PCT_KEY),
  };
}

/** What is written to the file. */
export function textOf(values: Values): string {
  return `${JSON.stringify(values, null, 2)}\n`;
}

/** An error as operators see it. */
export function explain(path: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return new StoreMissingError(`${path} does not exist`);
  return new StoreError(`${path} cannot be used: ${message}`, { cause: error });
}
