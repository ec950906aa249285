import { clearScreenDown, cursorTo, moveCursor } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { messageOf } from "@edgezero/faults/faults";
import type { Outcome, Output } from "../output/output.ts";

const INTERVAL_MS = 1000;

/**
 * Shows an outcome anew every second, until Control-C: in place on a terminal; elsewhere whenever it
 * differs, which is a JSON document a line with `--json`. What fails is shown, and tried again.
 */
export async function watchStatus(output: Output, look: () => Promise<Outcome>): Promise<Outcome> {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  process.once("SIGTERM", () => stop.abort());
  process.stdout.once("error", () => stop.abort());
  let shown = "";
  let height = 0;
  while (!stop.signal.aborted) {
    const outcome = await look().catch(failed);
    const isTerminal = process.stdout.isTTY && !output.isJson;
    const content = output.isJson ? JSON.stringify(outcome.document) : outcome.text;
    if (isTerminal || content !== shown) {
      if (isTerminal) {
        cursorTo(process.stdout, 0);
        moveCursor(process.stdout, 0, -height);
        clearScreenDown(process.stdout);
        height = rowsOf(outcome.text, process.stdout.columns || 80);
      }
      output.finish(outcome);
    }
    shown = content;
    await sleep(INTERVAL_MS, null, { signal: stop.signal }).catch(() => {});
  }
  // It was all shown already.
  return { document: {}, text: "", isShown: true };
}

function failed(error: unknown): Outcome {
  const message = messageOf(error);
  return {
    exit: "store-unavailable",
    problem: message,
    text: `error: ${message}`,
    document: {},
  };
}

/** The rows that a text takes on a terminal, with its line feed. */
function rowsOf(text: string, columns: number): number {
  return text
    .split("\n")
    .reduce((rows, line) => rows + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
}

function widthOf(line: string): number {
  return stripVTControlCharacters(line).length;
}
