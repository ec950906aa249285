import { randomUUID } from "node:crypto";
import { withDeadline } from "@edgezero/faults/deadline";
import { messageOf } from "@edgezero/faults/faults";
import type { Coordination } from "@edgezero/stores/coordination";
import type { Changes } from "@edgezero/stores/operator-store";
import { holderText } from "../change/take-lock.ts";
import type { ChangeResult, NewEntry } from "../journal/entry.ts";
import { noteOf } from "../journal/entry.ts";
import type { Journal } from "../journal/journal.ts";
import type { RollbackCourse, RollbackOutcome } from "./report.ts";
import { headline } from "./report.ts";
import type { ZeroWrite } from "./write-zero.ts";

const LIMIT_MS = 3000;

/** The facts of a rollback that its entries have. */
export interface RollbackRecord {
  readonly journal: Journal;
  readonly coordination: Coordination;
  /** The store, without credentials. */
  readonly location: string;
  readonly to: Changes;
  readonly reason: string | null;
  readonly who: string;
  /** Takes secrets out of a text. */
  readonly safe: (text: string) => string;
}

/** Records the two steps of a rollback. It never holds the rollback up for more than 3 seconds. */
export interface RollbackRecorder {
  /**
   * Leaves the mark, and begins to record the write; with `isProofDue` its result too, since the proof
   * may take long. Resolves once older changes can see the mark. Never rejects.
   */
  wrote(write: ZeroWrite, isProofDue: boolean): Promise<void>;
  /** Records the outcome. Gives why the rollback could not be recorded, or `null`. Never rejects. */
  ended(course: RollbackCourse): Promise<string | null>;
}

const RESULTS: Readonly<Record<RollbackOutcome, ChangeResult>> = {
  verified: "verified",
  unverified: "unverified",
  "not-written": "failed",
};

/** A {@link RollbackRecorder}. It does not wait for the lock: a note in the journal then says so. */
export function recordRollback(record: RollbackRecord): RollbackRecorder {
  const { journal, coordination, who, safe } = record;
  const change = randomUUID();
  const base = { who, store: record.location };
  let recording: Promise<void> = Promise.resolve();

  function resultOf(
    result: ChangeResult,
    { reading }: Pick<ZeroWrite, "reading">,
    detail: string | null,
  ): NewEntry {
    const values = reading?.values ?? null;
    return { kind: "result", change, command: "rollback", result, ...base, values, detail };
  }

  async function recordWrite(write: ZeroWrite, isProofDue: boolean): Promise<void> {
    const { to, reason } = record;
    const holder = await coordination.lock.holder().catch(() => null);
    const note =
      holder === null
        ? []
        : [noteOf("lock-not-waited-for", { ...base, detail: holderText(holder) })];
    const intent: NewEntry = {
      kind: "intent",
      change,
      command: "rollback",
      ...base,
      from: null,
      to,
      reason: reason === null ? null : safe(reason),
    };
    const written = isProofDue && write.fault === null ? [resultOf("written", write, null)] : [];
    await journal.append([...note, intent, ...written] as [NewEntry]);
  }

  async function recordEnd(course: RollbackCourse): Promise<void> {
    await recording;
    if (course.write.startedAt === null) return;
    const detail = safe(headline(course));
    await journal.append([resultOf(RESULTS[course.outcome], course, detail)]);
  }

  return {
    async wrote(write, isProofDue) {
      recording = recordWrite(write, isProofDue);
      // Its fault is reported at the end.
      recording.catch(() => {});
      await faultInTime(coordination.mark.leave(who));
    },
    ended: async (course) => faultInTime(recordEnd(course)),
  };
}

/** Waits up to 3 seconds; gives why the action did not succeed by then, or `null`. */
async function faultInTime(action: Promise<void>): Promise<string | null> {
  return withDeadline(LIMIT_MS, async () => action).then(() => null, messageOf);
}
