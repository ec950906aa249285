import { coordinationOf } from "@edgezero/operations/operation";
import type { RollbackWatch } from "@edgezero/operations/rollback/begin-watch";
import { beginWatch } from "@edgezero/operations/rollback/begin-watch";
import { proveZero } from "@edgezero/operations/rollback/prove-zero";
import type { RollbackRecorder } from "@edgezero/operations/rollback/record-rollback";
import { recordRollback } from "@edgezero/operations/rollback/record-rollback";
import { headline, rollbackOutcome } from "@edgezero/operations/rollback/report";
import type { ZeroWrite } from "@edgezero/operations/rollback/write-zero";
import { claimOf, writeZero } from "@edgezero/operations/rollback/write-zero";
import { zeroChanges } from "@edgezero/operations/rollback/zero";
import type { RollbackCause } from "./cause-text.ts";
import { causeText } from "./cause-text.ts";
import type { Place } from "./place.ts";

const CHANGES = zeroChanges(false);

/** Where and how 0 is written, and for how long gateways are watched. */
export interface ZeroPlace {
  readonly place: Place;
  /** How long gateways may take to prove that they follow a write, in milliseconds. */
  readonly proofMs: number;
  /** Whether the rollout waits for proof by probes. */
  readonly isProofDue: boolean;
  readonly stop: AbortSignal;
}

/** A 0 that the store has taken, and that is not proven yet. */
export interface WrittenZero {
  readonly write: ZeroWrite;
  readonly watch: RollbackWatch;
  readonly recorder: RollbackRecorder;
  readonly fenced: Promise<void>;
  /** By the clock of `performance`. */
  readonly begunAt: number;
}

/** What came of a proof. */
export interface ZeroVerdict {
  readonly proven: boolean;
  readonly sentence: string;
}

/**
 * Tries once to write 0; `null` where the store did not take it, or was not read back.
 *
 * @param onFault Hears why, without secrets.
 */
export async function attemptZero(
  { place, proofMs, isProofDue, stop }: ZeroPlace,
  cause: RollbackCause,
  onFault: (why: string) => void,
): Promise<WrittenZero | null> {
  const { store, urls, secret, means, who, safe } = place;
  const begunAt = performance.now();
  const watched = isProofDue ? urls : [];
  const watch = beginWatch({
    urls: watched,
    secret,
    secretFinding: null,
    means,
    timeoutMs: proofMs,
    stop,
  });
  const { write } = await writeZero({
    open: async () => store,
    to: CHANGES,
    who,
    signal: watch.signal,
    glance: watch.glance,
    onFault: (fault) => onFault(safe(fault)),
  });
  watch.expect(claimOf(write));
  if (write.fault !== null || write.reading === null) {
    watch.end();
    if (!stop.aborted) onFault(safe(write.fault ?? "it was not read back"));
    return null;
  }
  const recorder = recordRollback({
    journal: place.journal,
    coordination: coordinationOf(store, place.journal),
    location: store.location,
    to: CHANGES,
    reason: causeText(cause),
    who,
    safe,
  });
  const fenced = recorder.wrote(write, watched.length > 0);
  return { write, watch, recorder, fenced, begunAt };
}

/** Proves a 0 by the gateways that were watched as it was written, and ends its record. Never rejects. */
export async function proveWritten({ store }: Place, written: WrittenZero): Promise<ZeroVerdict> {
  const { write, watch, recorder, fenced, begunAt } = written;
  const proof = await proveZero({ store, write, to: CHANGES, watching: watch.watching, fenced });
  watch.end();
  const outcome = rollbackOutcome(write, proof);
  const totalMs = Math.round(performance.now() - begunAt);
  const course = { location: store.location, outcome, write, ...proof, totalMs };
  const fault = await recorder.ended(course);
  const unrecorded = fault === null ? "" : ` It could not be recorded: ${fault}`;
  return { proven: outcome === "verified", sentence: headline(course) + unrecorded };
}
