import { withDeadline } from "@edgezero/faults/deadline";
import type { OperatorStore } from "@edgezero/stores/operator-store";
import type { Journal } from "../journal/journal.ts";
import { coordinationOf } from "../operation.ts";
import type { WayToZero, Written } from "../probe/watch-for-zero.ts";
import { watchForZero } from "../probe/watch-for-zero.ts";
import { proveZero } from "./prove-zero.ts";
import { recordRollback } from "./record-rollback.ts";
import type { RollbackCourse, RollbackReport } from "./report.ts";
import { rollbackOutcome } from "./report.ts";
import { writeZero, writtenOf } from "./write-zero.ts";
import { zeroChanges } from "./zero.ts";

const CLOSE_MS = 1000;
/** After this time most gateways have shown that they are at zero. */
const FIRST_LOOK_MS = 200;

/** Something that happened in a rollback, while it goes on. */
export type RollbackEvent =
  /** An attempt to write failed; the next one follows. */
  | { readonly kind: "retrying"; readonly fault: string }
  /** The store was written, or given up; the gateways are being watched. */
  | { readonly kind: "proving" };

/** A rollback that is wanted. */
export interface RollbackRequest {
  readonly open: () => Promise<OperatorStore>;
  /** The store, without credentials, where it cannot be opened. */
  readonly location: string;
  /**
   * Finds the journal. Called only after the write, since nothing may delay that. Must not reject: a
   * journal that cannot be used shows itself when it is written.
   */
  readonly openJournal: () => Promise<Journal>;
  readonly disable: boolean;
  readonly who: string;
  readonly reason: string | null;
  /** The gateways that must be seen at zero. */
  readonly urls: readonly string[];
  /** Responses in a row that each gateway must give from legacy. */
  readonly needed: number;
  /** How long to try and to prove, in milliseconds. */
  readonly timeoutMs: number;
  /** When the rollback was asked for, by `performance.now()`. */
  readonly begunAt: number;
  /** Takes secrets out of a text before it is recorded. */
  readonly safe: (text: string) => string;
  readonly onEvent?: (event: RollbackEvent) => void;
}

/**
 * Sets 0 at once, then proves it. No lock, plan, journal or file comes before the write, or can stop
 * it. Composes `writeZero` and `proveZero`, and records each. Never rejects, as far as the functions
 * of the request do not.
 */
export async function rollback(request: RollbackRequest): Promise<RollbackReport> {
  const { who, reason, urls, needed, safe, onEvent } = request;
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), request.timeoutMs);
  const { signal } = deadline;
  const to = zeroChanges(request.disable);
  const written = Promise.withResolvers<Written | null>();
  let watching: Promise<WayToZero[]> = Promise.resolve([]);

  const { write, store } = await writeZero({
    open: request.open,
    to,
    who,
    signal,
    onStart(startedAt) {
      watching = Promise.all(
        urls.map((url) => watchForZero(url, startedAt, needed, written.promise, signal)),
      );
    },
    onFault: (fault) => onEvent?.({ kind: "retrying", fault }),
  });
  written.resolve(writtenOf(write));
  // The journal is written while the gateways are still being watched, but not at once: finding it
  // takes the processor, which would show in the time to zero.
  await withDeadline(FIRST_LOOK_MS, async () => watching).catch(() => {});
  const journal = await request.openJournal();
  const coordination = coordinationOf(store, journal);
  const location = store?.location ?? request.location;
  const record = { journal, coordination, location, to, reason, who, safe };
  const recorder = recordRollback(record);
  // Without a first write there is no rollback to record.
  const fenced =
    write.startedAt === null ? Promise.resolve() : recorder.wrote(write, urls.length > 0);
  onEvent?.({ kind: "proving" });
  const proof = await proveZero({ store, write, to, watching, fenced });
  clearTimeout(timer);

  const course: RollbackCourse = {
    location,
    outcome: rollbackOutcome(write, proof),
    write,
    ...proof,
    needed,
    totalMs: Math.round(10 * (performance.now() - request.begunAt)) / 10,
  };
  const fault = await recorder.ended(course);
  await withDeadline(CLOSE_MS, async () => store?.close()).catch(() => {});
  return { ...course, journal: { location: journal.location, fault } };
}
