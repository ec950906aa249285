import type { Readable } from "node:stream";
import type { StandardOutput } from "../process/standard-output.ts";

/** The wait before the next attempt where the reader of standard output is slow. */
const RETRY_MS = 10;

/**
 * Passes on a worker's standard output, in whole lines: several writers to one pipe would write into
 * each other's lines. While its own reader is slow nothing more is read, so that the worker finds its
 * output slow too, and counts the events that it drops. What a worker was killed in the middle of is
 * left out.
 */
export function relayLines(from: Readable, output: Pick<StandardOutput, "relay">): void {
  let rest = "";
  from.setEncoding("utf8");
  from.on("data", (chunk: string) => {
    const text = rest + chunk;
    const end = text.lastIndexOf("\n") + 1;
    rest = text.slice(end);
    if (end > 0) pass(text.slice(0, end));
  });

  function pass(lines: string): void {
    if (output.relay(lines)) {
      from.resume();
      return;
    }
    from.pause();
    setTimeout(() => pass(lines), RETRY_MS);
  }
}
