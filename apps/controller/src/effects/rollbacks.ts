import { STOPPED } from "@edgezero/operations/rollback/stopped";
import type { Clock } from "../loop/clock.ts";
import type { WrittenZero, ZeroPlace } from "./attempt-zero.ts";
import { attemptZero, proveWritten } from "./attempt-zero.ts";
import type { RollbackCause } from "./cause-text.ts";
import { createPending } from "./pending.ts";
import { proveNow } from "./prove-now.ts";

const PAUSE_MS = 1000;

/** What is told of a rollback as it goes on. */
export interface RollbackEvents {
  /** The store has 0, at this epoch. */
  readonly onZeroed: (id: string, epoch: string) => void;
  /** An attempt failed. The next one follows by itself. */
  readonly onNotZeroed: (id: string, why: string) => void;
  readonly onProved: (id: string, proven: boolean, sentence: string) => void;
  /** Something threw that should not. The write is tried again all the same. */
  readonly onFault: (error: unknown) => void;
}

/** Settings of {@link createRollbacks}. */
export interface RollbacksOptions extends RollbackEvents, ZeroPlace {
  readonly clock: Clock;
}

/** Writes 0 and proves it, by the code of the command `rollback`. */
export interface Rollbacks {
  /** Writes 0 at once, and tries for ever. While it tries, a later call only renames the attempt. */
  write(id: string, cause: RollbackCause): void;
  /**
   * Proves the 0 of the last write, or the one that the store has. One proof at a time: what is asked for
   * meanwhile, under another id, begins when that one has ended.
   */
  prove(id: string): void;
  /** Resolves once no write is under way. */
  written(): Promise<void>;
  /** Resolves once nothing is under way. */
  settled(): Promise<void>;
}

export function createRollbacks(options: RollbacksOptions): Rollbacks {
  const { place, clock, stop } = options;
  const pending = createPending(options.onFault);
  let writing: { id: string } | null = null;
  let proving: string | null = null;
  /** The last proof that was asked for while another one ran. */
  let waiting: string | null = null;
  let written: WrittenZero | null = null;
  let lastRun: Promise<void> = Promise.resolve();

  function isWriting(): boolean {
    return writing !== null && !stop.aborted;
  }

  /** An attempt that throws is one that failed: the next one follows. */
  async function attemptSafely(
    now: { id: string },
    cause: RollbackCause,
  ): Promise<WrittenZero | null> {
    try {
      return await attemptZero(options, cause, (why) => options.onNotZeroed(now.id, why));
    } catch (error) {
      options.onFault(error);
      return null;
    }
  }

  /**
   * Ends the record of a 0 whose proof nobody asks for: no probes are asked, the rollout has gone on without it
   * meanwhile, or another 0 has followed.
   */
  function endUnasked(): void {
    if (written !== null) void pending.track(proveWritten(place, written).then(() => undefined));
    written = null;
  }

  async function run(now: { id: string }, cause: RollbackCause): Promise<void> {
    while (!stop.aborted) {
      const done = await attemptSafely(now, cause);
      const epoch = done?.write.reading?.state.epoch;
      if (done !== null && epoch !== undefined) {
        writing = null;
        endUnasked();
        written = done;
        options.onZeroed(now.id, epoch);
        if (waiting === null) endUnasked();
        return;
      }
      await clock.sleep(PAUSE_MS, stop);
    }
  }

  async function runProof(id: string): Promise<void> {
    const watched = written;
    written = null;
    try {
      const proof = watched === null ? proveNow(options) : proveWritten(place, watched);
      const { proven, sentence } = await proof;
      if (stop.reason !== STOPPED && !stop.aborted) {
        options.onProved(id, proven, place.safe(sentence));
      }
    } finally {
      proving = null;
      if (waiting !== null && !stop.aborted) beginProof(waiting);
      else endUnasked();
    }
  }

  function beginProof(id: string): void {
    waiting = null;
    proving = id;
    void pending.track(runProof(id));
  }

  return {
    write(id, cause) {
      if (writing !== null) {
        writing.id = id;
        return;
      }
      writing = { id };
      lastRun = pending.track(run(writing, cause));
    },
    prove(id) {
      if (proving === null) beginProof(id);
      else if (proving !== id) waiting = id;
    },
    async written() {
      while (isWriting()) await lastRun;
    },
    settled: async () => pending.settled(),
  };
}
