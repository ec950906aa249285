import type { NewEntry } from "../journal/entry.ts";
import { noteOf } from "../journal/entry.ts";
import type { JournalContent } from "../journal/journal.ts";
import { journalStateOf } from "../journal/journal-state.ts";
import { notesOf } from "../journal/notes.ts";
import type { Operation } from "../operation.ts";
import { OperationError } from "../operation-error.ts";
import { journalFault } from "./journal-fault.ts";
import type { JudgedChange, PlanGate } from "./judge-change.ts";
import { judgeChange } from "./judge-change.ts";
import type { ChangeRequest } from "./make-change.ts";
import { readBefore } from "./still-due.ts";
import { leftEntries, takeLock } from "./take-lock.ts";

/**
 * Judges a change before its operator is asked. A refusal that leaves the hold without a date adds an
 * entry to the journal, with the lock held, so that the hold begins; unless `isDry`.
 *
 * @throws OperationError `against-plan` where the change is not allowed and not forced.
 */
export async function checkPlan(
  operation: Operation,
  { command, shown, to }: Pick<ChangeRequest, "command" | "shown" | "to">,
  planGate: PlanGate,
  isDry: boolean,
): Promise<JudgedChange> {
  const { journal, store, coordination, who } = operation;
  const judge = async (): Promise<[JournalContent, JudgedChange]> => {
    const content = await journal.read();
    return [content, judgeChange(planGate, content, store.location, shown, to, Date.now())];
  };
  const [, judged] = await judge().catch(journalFault(operation));
  if (judged.verdict.allowed || planGate.isForced) return judged;
  if (isDry || isOnRecord(judged)) throw new OperationError("against-plan", judged);
  const lock = await takeLock(coordination, who, command);
  try {
    const before = await readBefore(operation, shown);
    const [{ entries }, again] = await judge().catch(journalFault(operation));
    if (again.verdict.allowed) return again;
    if (isOnRecord(again)) throw new OperationError("against-plan", again);
    // A change that did not finish is left for the next write to find, which tells its operator.
    const notes = notesOf(journalStateOf(entries), before, who, store.location).filter(
      ({ kind }) => kind === "outside-change",
    );
    const detail = `${again.verdict.fromPct}% has been in force for an unknown time; its hold begins now`;
    const begun = noteOf("hold-begun", { who, store: store.location, detail, values: before });
    await journal
      .append([...leftEntries(operation, lock), ...notes.map(({ entry }) => entry), begun] as [
        NewEntry,
      ])
      .catch(journalFault(operation));
    throw new OperationError("against-plan", { ...again, isHoldBegun: true });
  } finally {
    await lock.release().catch(() => {});
  }
}

/** Whether no hold counts, or the journal knows when it began. */
function isOnRecord({ verdict }: JudgedChange): boolean {
  return verdict.stage === null || verdict.isDated;
}
