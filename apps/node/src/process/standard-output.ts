import { write, writeSync } from "node:fs";

/** Most characters that may wait for a slow reader; what comes then is dropped. */
const MAX_WAITING = 1024 * 1024;
/** Events are written together: each write costs about as much as several requests. */
const WRITTEN_TOGETHER = 8 * 1024;
const LONGEST_WAIT_MS = 500;
/** After a write that failed, since nobody reads or the disk is full. */
const RETRY_MS = 10;
/** How long the end of the process may wait for whoever reads. */
const LAST_WAIT_MS = 1000;

/** Standard output. Nothing waits for whoever reads it, and nothing that it does is an error. */
export interface StandardOutput {
  /** Writes a line of the log at once. */
  write(line: string): void;
  /** Writes the line of an event within half a second. */
  writeEvent(line: string): void;
  /** Who hears how many lines of events were dropped, because too many wait. */
  onDropped(listener: (events: number) => void): void;
  /** Resolves once all is written, or has waited for a second. */
  end(): Promise<void>;
}

/**
 * Opens standard output, once for a process: two writers to a slow pipe would each write into the
 * other's lines. pino's own destination would wait for ever as the process ends, where nobody reads
 * or the disk is full.
 */
export function openStandardOutput(): StandardOutput {
  // Asking for the stream makes a pipe non-blocking: a write that nobody reads would hold a thread.
  const { fd } = process.stdout;
  let waiting = "";
  let current = Buffer.alloc(0);
  let isWriting = false;
  let hearWritten: (() => void) | undefined;

  function writeOn(): void {
    if (current.length === 0) {
      current = Buffer.from(waiting);
      waiting = "";
    }
    isWriting = current.length > 0;
    if (!isWriting) {
      hearWritten?.();
      return;
    }
    write(fd, current, (error, written) => {
      current = current.subarray(written ?? 0);
      if (error === null) writeOn();
      else setTimeout(writeOn, RETRY_MS).unref();
    });
  }

  /** Whether there was room. */
  function add(text: string): boolean {
    if (waiting.length + text.length > MAX_WAITING) return false;
    waiting += text;
    if (!isWriting) writeOn();
    return true;
  }

  let events = "";
  let count = 0;
  let timer: NodeJS.Timeout | undefined;
  let hearDropped: ((events: number) => void) | undefined;

  function addEvents(): void {
    clearTimeout(timer);
    timer = undefined;
    if (!add(events)) hearDropped?.(count);
    events = "";
    count = 0;
  }

  // What a crash has left; it does not wait for whoever reads.
  process.once("exit", () => {
    try {
      writeSync(fd, Buffer.concat([current, Buffer.from(waiting + events)]));
    } catch {
      // Nobody reads, or the disk is full.
    }
  });

  return {
    write: (line) => void add(line),
    writeEvent(line) {
      events += line;
      count++;
      if (events.length >= WRITTEN_TOGETHER) addEvents();
      else timer ??= setTimeout(addEvents, LONGEST_WAIT_MS).unref();
    },
    onDropped(listener) {
      hearDropped = listener;
    },
    end: () =>
      new Promise((resolve) => {
        hearWritten = resolve;
        setTimeout(resolve, LAST_WAIT_MS);
        addEvents();
        if (!isWriting) resolve();
      }),
  };
}
