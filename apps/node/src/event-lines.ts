import { pino } from "pino";

/** Most bytes of events that may wait for a slow reader; what comes then is dropped. */
const MAX_WAITING_BYTES = 1024 * 1024;
/** Lines are written together: each write costs about as much as several requests. */
const WRITTEN_TOGETHER_BYTES = 8 * 1024;
const LONGEST_WAIT_MS = 500;

/** Where the lines of events go. */
export interface EventLines {
  write(line: string): void;
  close(): void;
}

/** Writes lines to standard output within half a second, and never waits for whoever reads them. */
export function createEventLines(onDropped: () => void): EventLines {
  const stream = pino.destination({
    dest: 1,
    sync: false,
    maxLength: MAX_WAITING_BYTES,
    minLength: WRITTEN_TOGETHER_BYTES,
    periodicFlush: LONGEST_WAIT_MS,
  });
  stream.on("drop", onDropped);
  return {
    write: (line) => void stream.write(line),
    close: () => stream.flushSync(),
  };
}
