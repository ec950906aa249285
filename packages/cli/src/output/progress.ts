import { clearLine, cursorTo } from "node:readline";
import { durationText } from "@edgezero/operations/duration";
import type { Sink } from "./paint.ts";

const SHOW_AFTER_MS = 1000;
const INTERVAL_MS = 100;
const FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

/** A live line on a terminal. */
export interface Progress {
  readonly update: (text: string) => void;
  /** Removes the line. */
  readonly stop: () => void;
}

/** Shows a live line once an action has taken a second. A pipe or a file never gets it. */
export function startProgress(text: string, stream: Sink, isWanted: boolean): Progress {
  if (!isWanted || !stream.isTTY) return { update: () => {}, stop: () => {} };
  const startedAt = performance.now();
  let current = text;
  let frame = 0;
  let isShown = false;
  const timer = setInterval(() => {
    const elapsed = performance.now() - startedAt;
    if (elapsed < SHOW_AFTER_MS) return;
    frame = (frame + 1) % FRAMES.length;
    isShown = true;
    erase(stream);
    const line = `${FRAMES[frame]} ${current} (${durationText(elapsed)})`;
    stream.write(line.slice(0, (stream.columns || 80) - 1));
  }, INTERVAL_MS);
  timer.unref();
  return {
    update: (next) => (current = next),
    stop() {
      clearInterval(timer);
      if (isShown) erase(stream);
    },
  };
}

function erase(stream: Sink): void {
  clearLine(stream, 0);
  cursorTo(stream, 0);
}
