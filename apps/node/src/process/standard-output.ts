import { write, writeSync } from "node:fs";
import { withDeadline } from "@edgezero/faults/deadline";

/** Characters that may wait for a slow reader. Further lines are dropped. */
const MAX_WAITING = 1024 * 1024;
/** Characters of events that are written together: a write costs about as much as several requests. */
const WRITTEN_TOGETHER = 8 * 1024;
const LONGEST_WAIT_MS = 500;
/** The wait after a write that failed, since nobody reads or the disk is full. */
const RETRY_MS = 10;
/** How long the end of the process may wait for a slow reader. */
const LAST_WAIT_MS = 1000;

/** Standard output. Nothing waits for its reader, and no write fails for the caller. */
export interface StandardOutput {
  /** Writes a line of the log at once. */
  write(line: string): void;
  /** Writes the line of an event within half a second. */
  writeEvent(line: string): void;
  /** Writes lines of another process; gives `false`, and writes nothing, while too much waits. */
  relay(lines: string): boolean;
  /** Sets the listener that is told how many lines of events were dropped, because too many wait. */
  onDropped(listener: (events: number) => void): void;
  /** Resolves when everything is written, or after a second. */
  end(): Promise<void>;
}

/**
 * Opens standard output. Call it once in a process: two writers to a slow pipe would each write into
 * the other's lines. pino's own destination would wait for ever at the end of the process, where
 * nobody reads or the disk is full.
 */
export function openStandardOutput(): StandardOutput {
  // Access to the stream makes a pipe non-blocking: a write that nobody reads would hold a thread.
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

  /** Adds a text to what is written; gives `false` where there is no room for it. */
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

  // Writes what a crash has left, without waiting for a slow reader.
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
    relay: add,
    onDropped(listener) {
      hearDropped = listener;
    },
    async end() {
      const written = new Promise<void>((resolve) => {
        hearWritten = resolve;
        addEvents();
        if (!isWriting) resolve();
      });
      await withDeadline(LAST_WAIT_MS, () => written).catch(() => {});
    },
  };
}
