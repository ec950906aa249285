import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "@edgezero/faults/faults";
import type { Changes, OperatorStore } from "@edgezero/stores/operator-store";
import { StoreSetupError } from "@edgezero/stores/operator-store";
import type { Before, Claim } from "../proof/claim.ts";
import type { Reading } from "../reading.ts";
import { isAllLegacy, readingOf } from "../reading.ts";
import { STOPPED } from "./stopped.ts";
import { holds } from "./zero.ts";

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 2000;
/** How long a write that is under way may go on after someone has stopped it. */
const STOPPED_MS = 1000;
/**
 * The longest that a write waits to see what was before it, in the store and at gateways that do not tell
 * of it later: without that, no gateway can be seen to follow the store. Only what hangs takes all of it;
 * a busy machine may need 200 ms for what takes 2 ms otherwise.
 */
const BEFORE_MS = 500;

/** The outcome of writing zero. Times are of `performance.now()`. */
export interface ZeroWrite {
  /** When the first write began, or `null` where the store could not even be opened. */
  readonly startedAt: number | null;
  /** The values before the first write, as far as they came in time. */
  readonly before: Before;
  /** When the store took the last write; `null` where it took no write. */
  readonly takenAt: number | null;
  /** The values read back after it; `null` where that failed. */
  readonly reading: Reading | null;
  readonly attempts: number;
  /** Why the last attempt failed, to write or to read back; `null` where the store holds zero. */
  readonly fault: string | null;
}

/** Settings of {@link writeZero}. */
export interface WriteZeroOptions {
  readonly open: () => Promise<OperatorStore>;
  readonly to: Changes;
  /** Who rolls back, for the mark. */
  readonly who: string;
  /** Resolves once the gateways that do not tell of a change were seen as they are before it. */
  readonly glance?: Promise<void> | undefined;
  /** Ends the retries. */
  readonly signal: AbortSignal;
  /** Called once, right after the first write was sent to the store. */
  readonly onStart?: (startedAt: number) => void;
  /** Called after each attempt that fails, before the next one. */
  readonly onFault?: (fault: string) => void;
}

/**
 * Writes zero and reads it back. Tries again with rising pauses until the store holds zero or `signal`
 * ends it. A store's URL or token that is not valid ends it at once. Never rejects.
 *
 * @returns The outcome, and the last open store, which the caller closes; `null` where no store opened.
 */
export async function writeZero(
  options: WriteZeroOptions,
): Promise<{ write: ZeroWrite; store: OperatorStore | null }> {
  const { to, who, signal, onStart, onFault } = options;
  const orAbort = raceWith(signal);
  let store: OperatorStore | null = null;
  const write: Mutable<ZeroWrite> = {
    startedAt: null,
    before: { kind: "unknown" },
    takenAt: null,
    reading: null,
    attempts: 0,
    fault: null,
  };
  const readBefore = async (from: OperatorStore): Promise<void> => {
    const reading = await from.read().then(readingOf, () => null);
    if (reading === null) return;
    // Zero that is read after the write began may be the write's own.
    const isOwn = write.startedAt !== null && isAllLegacy(reading);
    if (!isOwn) write.before = { kind: "epoch", epoch: reading.state.epoch };
  };
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const previous = write.fault;
    write.attempts++;
    try {
      store ??= await orAbort(options.open());
      if (write.startedAt === null) {
        await Promise.race([Promise.all([readBefore(store), options.glance]), sleep(BEFORE_MS)]);
      }
      const now = performance.now();
      const writing = store.overwrite(to, who);
      if (write.startedAt === null) {
        write.startedAt = now;
        onStart?.(now);
      }
      await orAbort(writing);
      write.takenAt = performance.now();
      write.reading = await readingOf(await orAbort(store.read()));
      write.fault = null;
      if (holds(write.reading, to)) return { write, store };
      write.fault = "another value was read back: someone else has written too";
    } catch (error) {
      // At the end of the time, the fault before it says more.
      write.fault = signal.aborted && previous !== null ? previous : messageOf(error);
      if (error instanceof StoreSetupError) return { write, store };
    }
    if (signal.aborted) return { write, store };
    onFault?.(write.fault);
    await sleep(pauseMs, null, { signal }).catch(() => {});
  }
}

/** The write as gateways are judged by it; `null` where the store does not hold zero. */
export function claimOf({ startedAt, before, takenAt, reading, fault }: ZeroWrite): Claim | null {
  if (startedAt === null || takenAt === null || reading === null || fault !== null) return null;
  return { state: reading.state, since: takenAt, follows: { before, startedAt } };
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Makes actions end when `signal` aborts, even where a store does not heed it. Someone who stops it while
 * the store takes the write is told a little later, but then what the store did.
 */
function raceWith(signal: AbortSignal): <T>(action: Promise<T>) => Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    const give = (): void =>
      reject(new Error(`${whyOf(signal)}; the store may still apply the write.`));
    const end = (): void => {
      if (signal.reason === STOPPED) setTimeout(give, STOPPED_MS);
      else give();
    };
    signal.addEventListener("abort", end, { once: true });
  });
  aborted.catch(() => {});
  return async (action) => Promise.race([action, aborted]);
}

function whyOf({ reason }: AbortSignal): string {
  return reason === STOPPED ? "Stopped" : "Timed out";
}
