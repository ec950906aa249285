import { printable } from "@edgezero/faults/printable";

/** Fields that other operators are shown. Their text must not steer a terminal. */
const SHOWN = new Set(["at", "who", "host", "since", "store", "command", "note", "detail"]);

/** Parses JSON that anyone may have written, and makes its names and times fit to be shown. */
export function parseShown(text: string): unknown {
  return JSON.parse(text, (key, value: unknown) =>
    typeof value === "string" && SHOWN.has(key) ? printable(value) : value,
  );
}
