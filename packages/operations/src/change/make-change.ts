import { randomUUID } from "node:crypto";
import { messageOf } from "@edgezero/faults/faults";
import type { HeldLock } from "@edgezero/stores/coordination";
import type { Changes, StoredValues } from "@edgezero/stores/operator-store";
import { isSameValues } from "@edgezero/stores/stored-values";
import type { ChangeName, ChangeResult, NewEntry } from "../journal/entry.ts";
import { journalStateOf } from "../journal/journal-state.ts";
import type { JournalContent } from "../journal/journal.ts";
import type { Note } from "../journal/notes.ts";
import { notesOf } from "../journal/notes.ts";
import type { Operation } from "../operation.ts";
import { OperationError } from "../operation-error.ts";
import type { Reading } from "../reading.ts";
import { readingOf } from "../reading.ts";
import { journalFault } from "./journal-fault.ts";
import type { PlanGate } from "./judge-change.ts";
import { judgeChange, overrideEntries } from "./judge-change.ts";
import { readBefore, stillDue } from "./still-due.ts";
import { leftEntries, takeLock } from "./take-lock.ts";

/** A change that an operator has asked for, and confirmed where that is due. */
export interface ChangeRequest {
  readonly command: ChangeName;
  readonly to: Changes;
  readonly reason: string | null;
  /** The values in the store when the change was shown. */
  readonly shown: StoredValues;
  /** Replaces the store's own `write`, and the comparison with `shown` before it. */
  readonly write?: ((to: Changes) => Promise<void>) | undefined;
  /** The plan that judges the change, with the lock held; `null` or absent where no plan holds. */
  readonly planGate?: PlanGate | null | undefined;
}

/** A change that was made. */
export interface ChangeReport {
  /** The values read back. */
  readonly after: Reading;
  /** Found before the change, and recorded with it. */
  readonly notes: readonly Note[];
}

/**
 * Makes a change as every command except `rollback` does: with the lock held, recorded before and
 * after, and read back.
 *
 * @throws OperationError Its kind tells whether the store holds the change.
 */
export async function makeChange(
  operation: Operation,
  request: ChangeRequest,
): Promise<ChangeReport> {
  const { store, journal, who, safe } = operation;
  const { command, to, reason } = request;
  const lock = await takeLock(operation.coordination, who, command);
  try {
    const before =
      request.write === undefined ? await readBefore(operation, request.shown) : request.shown;
    const content = await journal.read().catch(journalFault(operation));
    const overrides = judgeAgain(operation, request, content, before);
    const notes = notesOf(journalStateOf(content.entries), before, who, store.location);
    const change = randomUUID();
    const intent: NewEntry = {
      kind: "intent",
      change,
      command,
      who,
      store: store.location,
      from: before,
      to,
      reason: reason === null ? null : safe(reason),
    };
    const found = [...leftEntries(operation, lock), ...notes.map(({ entry }) => entry)];
    const added = [...found, ...overrides, intent];
    await journal.append(added as [NewEntry]).catch(journalFault(operation));
    const after = await writeAndRecord(operation, request, change, before, lock);
    return { after, notes };
  } finally {
    await lock.release().catch(() => {});
  }
}

/** Judges by the plan what may have changed since the operator was asked. @throws OperationError */
function judgeAgain(
  operation: Operation,
  { planGate, to }: ChangeRequest,
  content: JournalContent,
  before: StoredValues,
): NewEntry[] {
  if (planGate === null || planGate === undefined) return [];
  const { location } = operation.store;
  const judged = judgeChange(planGate, content, location, before, to, Date.now());
  if (!judged.verdict.allowed && !planGate.isForced) {
    throw new OperationError("against-plan", judged);
  }
  return overrideEntries(judged, operation.who, location);
}

async function writeAndRecord(
  operation: Operation,
  { command, to, write }: ChangeRequest,
  change: string,
  before: StoredValues,
  lock: HeldLock,
): Promise<Reading> {
  const { store, journal, who, mark, leader, safe } = operation;
  const writeIfDue = async (): Promise<void> => {
    await stillDue(operation);
    await store.write(to, { expected: before, lock, mark, leader });
  };
  const fault = await faultOf(write?.(to) ?? writeIfDue());
  const found = await store.read().then(
    (values) => ({ values, fault: null }),
    (error: unknown) => ({ values: null, fault: messageOf(error) }),
  );
  const { values } = found;
  const isThere = values !== null && isSameValues({ ...values, ...to }, values);
  const result = resultOf(fault, isThere, values);
  const why = safe(fault ?? found.fault ?? "another value was read back");
  const entry: NewEntry = {
    kind: "result",
    change,
    command,
    result,
    who,
    store: store.location,
    values,
    detail: isThere ? null : why,
  };
  const unrecorded = await faultOf(journal.append([entry]));
  if (result === "failed") throw new OperationError("not-written", { values, why });
  if (result !== "written" || values === null) {
    throw new OperationError("unverified", { values, why });
  }
  if (unrecorded !== null) {
    const { location } = journal;
    throw new OperationError("not-recorded", { values, location, why: unrecorded });
  }
  return readingOf(values);
}

function resultOf(
  fault: string | null,
  isThere: boolean,
  values: StoredValues | null,
): Extract<ChangeResult, "written" | "failed" | "unverified"> {
  if (isThere) return "written";
  // A write that failed may still have taken effect: only the store itself can tell.
  return fault !== null && values !== null ? "failed" : "unverified";
}

/** Waits for an action; gives its fault, or `null` where it succeeds. */
async function faultOf(action: Promise<void>): Promise<string | null> {
  return action.then(() => null, messageOf);
}
