import type { Stats } from "node:fs";
import { printable } from "@edgezero/faults/printable";
import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import { findJsonFault } from "./json-fault.ts";

/** The most that a config file may hold. */
export const MOST_BYTES: number = 64 * 1024;

const ROLLOUT_KEYS: ReadonlySet<string> = new Set([EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY]);
const LONGEST_SHOWN = 80;
/** Keeps a byte order mark, which no JSON may begin with, so that it is found. */
const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Thrown where a file is not a config file. The message goes on after "it", and quotes no value. */
class ContentError extends Error {
  override readonly name = "ContentError";
}

/**
 * The values of a config file. All are strings but those of the rollout's own keys, of which each may
 * be wrong by itself: the other still counts.
 */
export type FileValues = Readonly<Record<string, unknown>>;

/**
 * Checks a file before it is read.
 *
 * @throws ContentError where it cannot be a config file.
 */
export function checkFile(stats: Stats): void {
  // Reading a pipe or a device would block.
  if (!stats.isFile()) throw new ContentError("it is not a regular file");
  if (stats.size > MOST_BYTES) throw new ContentError(`it is larger than ${MOST_BYTES} bytes`);
}

/**
 * Reads the bytes of a config file: at most 64 KiB of UTF-8, a JSON object of strings, in which
 * no key is there twice.
 *
 * @throws ContentError when they are anything else.
 */
export function parseContent(bytes: Uint8Array): FileValues {
  // It may have grown since it was checked.
  if (bytes.length > MOST_BYTES) throw new ContentError(`it is larger than ${MOST_BYTES} bytes`);
  const values = parseJson(textOf(bytes));
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw new ContentError("it does not hold a JSON object");
  }
  for (const [key, value] of Object.entries(values)) {
    if (typeof value !== "string" && !ROLLOUT_KEYS.has(key)) throw notString(key);
  }
  return values as FileValues;
}

/**
 * One value of a config file, `null` where it is absent.
 *
 * @throws TypeError when it is not a string, which would leave open how it is meant to be read.
 */
export function valueOf(values: FileValues, key: string): string | null {
  if (!Object.hasOwn(values, key)) return null;
  const value = values[key];
  if (typeof value === "string") return value;
  const isScalar = typeof value === "number" || typeof value === "boolean";
  const example = isScalar ? `, such as ${JSON.stringify(String(value))}` : "";
  throw new TypeError(`${key} must be a JSON string${example}`);
}

/**
 * All values, where each is a string.
 *
 * @throws ContentError when one is not.
 */
export function stringsOf(values: FileValues): Record<string, string> {
  for (const [key, value] of Object.entries(values)) {
    if (typeof value !== "string") throw notString(key);
  }
  return values as Record<string, string>;
}

function notString(key: string): ContentError {
  return new ContentError(`${shownKey(key)} is not a JSON string, as every value must be`);
}

function shownKey(key: string): string {
  return printable(JSON.stringify(key.slice(0, LONGEST_SHOWN)));
}

function textOf(bytes: Uint8Array): string {
  try {
    return UTF_8.decode(bytes);
  } catch {
    throw new ContentError("it does not hold valid UTF-8");
  }
}

/**
 * Reads JSON in which no key of the outermost object comes twice: of two, people and tools disagree
 * about which one counts.
 */
function parseJson(text: string): unknown {
  let value: unknown;
  let isJson = true;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message may quote the file, which can hold more than the rollout's keys.
    isJson = false;
  }
  const fault = findJsonFault(text, shownKey);
  if (isJson && fault === null) return value;
  const where =
    fault === null ? "" : `: ${fault.what} (line ${fault.line}, column ${fault.column})`;
  const rule = fault?.kind === "key-twice" ? "each key once" : "valid JSON";
  throw new ContentError(`it does not hold ${rule}${where}`);
}
