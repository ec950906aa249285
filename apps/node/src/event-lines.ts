import { pino } from "pino";

/** Most bytes of events that may wait for a slow reader; what comes then is dropped. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** Where the lines of events go. */
export interface EventLines {
  write(line: string): void;
  close(): void;
}

/** Writes lines to standard output, without ever waiting for whoever reads them. */
export function createEventLines(onDropped: () => void): EventLines {
  const stream = pino.destination({ dest: 1, sync: false, maxLength: MAX_WAITING_BYTES });
  stream.on("drop", onDropped);
  return {
    write: (line) => void stream.write(line),
    close: () => stream.flushSync(),
  };
}
