import { setTimeout as sleep } from "node:timers/promises";
import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import { messageOf } from "@edgezero/faults/faults";
import type { Changes, OperatorStore } from "@edgezero/stores/operator-store";
import { StoreSetupError } from "@edgezero/stores/operator-store";
import type { Reading } from "../reading.ts";
import { isAllLegacy, readingOf } from "../reading.ts";

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 2000;

/** What `rollback` writes. */
export function zeroChanges(disable: boolean): Changes {
  return {
    [EDGEZERO_ROLLOUT_PCT_KEY]: "0",
    ...(disable && { [EDGEZERO_ENABLED_KEY]: "false" }),
  };
}

/** What came of writing zero. Times are of `performance.now()`. */
export interface ZeroWrite {
  /** When the first write began, or `null` when the store could not even be opened. */
  startedAt: number | null;
  /** When the last write was taken; `null`: none was. */
  takenAt: number | null;
  /** What was read back after it; `null` when that failed. */
  reading: Reading | null;
  attempts: number;
  /** Why the last attempt failed, or its reading back. */
  fault: string | null;
}

/** Settings of {@link writeZero}. */
export interface WriteZeroOptions {
  readonly open: () => Promise<OperatorStore>;
  readonly to: Changes;
  /** Who rolls back, for the mark. */
  readonly who: string;
  /** Ends the retries. */
  readonly signal: AbortSignal;
  /** Called at the start of the first write, once the store has been called. */
  readonly onStart: (startedAt: number) => void;
  /** Called for each attempt that fails. */
  readonly onFault: (fault: string) => void;
  /** Called when it was written and read back. */
  readonly onRead: (takenAt: number, reading: Reading) => void;
}

/**
 * Writes zero and reads it back, again and again with rising pauses, until the store holds it or
 * `signal` ends it; at once where the store's URL or token is not one. Never rejects. Gives the store that was open last, so that it can be closed.
 */
export async function writeZero(
  options: WriteZeroOptions,
): Promise<{ outcome: ZeroWrite; store: OperatorStore | null }> {
  const { open, to, who, signal, onStart, onFault, onRead } = options;
  const outcome: ZeroWrite = {
    startedAt: null,
    takenAt: null,
    reading: null,
    attempts: 0,
    fault: null,
  };
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener(
      "abort",
      () => reject(new Error("The time was up before it answered, so that it may take it yet.")),
      { once: true },
    );
  });
  aborted.catch(() => {});
  const orAbort = <T>(action: Promise<T>): Promise<T> => Promise.race([action, aborted]);

  let store: OperatorStore | null = null;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    outcome.attempts++;
    try {
      store ??= await orAbort(open());
      const now = performance.now();
      const writing = store.overwrite(to, who);
      if (outcome.startedAt === null) {
        outcome.startedAt = now;
        onStart(now);
      }
      await orAbort(writing);
      outcome.takenAt = performance.now();
      outcome.reading = await readingOf(await orAbort(store.read()));
      outcome.fault = null;
      if (holds(outcome.reading, to)) {
        onRead(outcome.takenAt, outcome.reading);
        return { outcome, store };
      }
      outcome.fault = "another value was read back: someone else has written too";
    } catch (error) {
      // When the time is up, what went wrong before says more.
      if (!signal.aborted || outcome.fault === null) outcome.fault = messageOf(error);
      if (error instanceof StoreSetupError) return { outcome, store };
    }
    if (signal.aborted) return { outcome, store };
    onFault(outcome.fault);
    await sleep(pauseMs, null, { signal }).catch(() => {});
  }
}

/** Whether the store holds what was written, so that no client goes to EdgeZero. */
export function holds(reading: Reading, to: Changes): boolean {
  const { values } = reading;
  const isThere = ([EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY] as const).every(
    (key) => to[key] === undefined || values[key] === to[key],
  );
  return isThere && isAllLegacy(reading);
}
