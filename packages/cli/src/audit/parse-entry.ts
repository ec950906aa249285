import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import { printable } from "../output/printable.ts";
import type { Entry } from "./entry.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Shown to other operators as they are, so that nothing in them may steer a terminal. */
const SHOWN = new Set(["at", "who", "host", "since", "store", "command", "note", "detail"]);

/** Parses what anyone may have written: JSON, whose names and times are made fit to be shown. */
export function parseShown(text: string): unknown {
  return JSON.parse(text, (key, value: unknown) =>
    typeof value === "string" && SHOWN.has(key) ? printable(value) : value,
  );
}

/** Reads a line of the trail; `null` when it is no entry. */
export function parseEntry(bytes: Buffer): Entry | null {
  try {
    const entry = parseShown(bytes.toString()) as Fields | null;
    return entry !== null && isEntry(entry) ? (entry as unknown as Entry) : null;
  } catch {
    return null;
  }
}

function isEntry(entry: Fields): boolean {
  const isOne =
    Number.isSafeInteger(entry["seq"]) && areStrings(entry, "at", "who", "store", "prev");
  if (!isOne) return false;
  switch (entry["kind"]) {
    case "intent":
      return (
        areStrings(entry, "change", "command") &&
        isNullOr(isValues, entry["from"]) &&
        isValues(entry["to"]) &&
        isNullOr(isString, entry["reason"])
      );
    case "result":
      return (
        areStrings(entry, "change", "command", "result") &&
        isNullOr(isValues, entry["values"]) &&
        isNullOr(isString, entry["detail"])
      );
    case "note":
      return (
        areStrings(entry, "note", "detail") &&
        isNullOr(isValues, entry["values"]) &&
        isNullOr(isString, entry["torn"])
      );
    default:
      return false;
  }
}

function areStrings(fields: Fields, ...names: string[]): boolean {
  return names.every((name) => isString(fields[name]));
}

function isString(value: unknown): boolean {
  return typeof value === "string";
}

function isNullOr(is: (value: unknown) => boolean, value: unknown): boolean {
  return value === null || is(value);
}

function isValues(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    [EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY].every((key) => {
      const stored = (value as Fields)[key];
      return stored === undefined || stored === null || isString(stored);
    })
  );
}
