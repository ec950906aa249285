import { withDeadline } from "@edgezero/faults/deadline";
import type { OperatorStore } from "@edgezero/stores/operator-store";
import type { Journal } from "../journal/journal.ts";
import { coordinationOf } from "../operation.ts";
import type { RollbackWatch } from "./begin-watch.ts";
import { proveZero } from "./prove-zero.ts";
import { recordRollback } from "./record-rollback.ts";
import type { RollbackCourse, RollbackReport } from "./report.ts";
import { rollbackOutcome } from "./report.ts";
import { claimOf, writeZero } from "./write-zero.ts";
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
  /** The gateways, begun to be watched by `beginWatch`. */
  readonly watch: RollbackWatch;
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
  /** When the rollback was asked for, by `performance.now()`. */
  readonly begunAt: number;
  /** Takes secrets out of a text before it is recorded. */
  readonly safe: (text: string) => string;
  readonly onEvent?: (event: RollbackEvent) => void;
}

/**
 * Sets 0 at once, then proves it. No lock, plan, journal, file or probe comes before the write, or can
 * stop it. Composes `writeZero` and `proveZero`, and records each. Never rejects, as far as the
 * functions of the request do not.
 */
export async function rollback(request: RollbackRequest): Promise<RollbackReport> {
  const { who, reason, safe, onEvent } = request;
  const { signal, expect, watching, glance, end } = request.watch;
  const to = zeroChanges(request.disable);
  const { write, store } = await writeZero({
    open: request.open,
    to,
    who,
    signal,
    glance,
    onFault: (fault) => onEvent?.({ kind: "retrying", fault }),
  });
  expect(claimOf(write));
  // The journal is written while the gateways are still being watched, but not at once: finding it
  // takes the processor, which would show in the time to zero.
  const first = await withDeadline(FIRST_LOOK_MS, async () => watching).catch(() => null);
  const journal = await request.openJournal();
  const coordination = coordinationOf(store, journal);
  const location = store?.location ?? request.location;
  const record = { journal, coordination, location, to, reason, who, safe };
  const recorder = recordRollback(record);
  // Without a first write there is no rollback to record.
  const fenced =
    write.startedAt === null ? Promise.resolve() : recorder.wrote(write, first?.length !== 0);
  onEvent?.({ kind: "proving" });
  const proof = await proveZero({ store, write, to, watching, fenced });
  end();

  const course: RollbackCourse = {
    location,
    outcome: rollbackOutcome(write, proof),
    write,
    ...proof,
    totalMs: Math.round(10 * (performance.now() - request.begunAt)) / 10,
  };
  const fault = await recorder.ended(course);
  await withDeadline(CLOSE_MS, async () => store?.close()).catch(() => {});
  return { ...course, journal: { location: journal.location, fault } };
}
