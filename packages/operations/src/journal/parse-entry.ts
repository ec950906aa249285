import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import { parseShown } from "@edgezero/stores/parse-shown";
import type { Entry } from "./entry.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Reads a line of the trail; `null` where it holds no entry. */
export function parseEntry(bytes: Buffer | string): Entry | null {
  try {
    const found = parseShown(bytes.toString());
    return isEntry(found) ? found : null;
  } catch {
    return null;
  }
}

function isEntry(found: unknown): found is Entry {
  if (typeof found !== "object" || found === null) return false;
  const entry = found as Fields;
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
