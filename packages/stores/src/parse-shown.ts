import { printable } from "@edgezero/faults/printable";

/** Shown to other operators as they are, so that nothing in them may steer a terminal. */
const SHOWN = new Set(["at", "who", "host", "since", "store", "command", "note", "detail"]);

/** Parses what anyone may have written: JSON, whose names and times are made fit to be shown. */
export function parseShown(text: string): unknown {
  return JSON.parse(text, (key, value: unknown) =>
    typeof value === "string" && SHOWN.has(key) ? printable(value) : value,
  );
}
