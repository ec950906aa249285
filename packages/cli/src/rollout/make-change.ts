import { randomUUID } from "node:crypto";
import { appendEntries } from "@edgezero/operations/journal/append";
import { takeLock } from "../audit/change-lock.ts";
import type { ChangeName, ChangeResult, NewEntry } from "@edgezero/operations/journal/entry";
import { noteOf } from "@edgezero/operations/journal/entry";
import type { HeldLock, Holder } from "@edgezero/stores/coordination";
import type { Notice } from "@edgezero/operations/journal/notices";
import { noticesOf } from "@edgezero/operations/journal/notices";
import { readTrail } from "@edgezero/operations/journal/read-trail";
import { trailStateOf } from "@edgezero/operations/journal/trail-state";
import { messageOf } from "@edgezero/faults/faults";
import { CliError } from "../cli-error.ts";
import type { Session } from "../session.ts";
import type { Changes, StoredValues } from "@edgezero/stores/operator-store";
import type { Reading } from "@edgezero/operations/reading";
import { isSameValues } from "@edgezero/stores/stored-values";
import { readingOf } from "@edgezero/operations/reading";
import { readBefore, stillDue } from "./still-due.ts";

/** A change that an operator has asked for, and has confirmed where that is due. */
export interface ChangeRequest {
  readonly command: ChangeName;
  readonly to: Changes;
  readonly reason: string | null;
  /** What the store held when the change was shown. */
  readonly shown: StoredValues;
  /** Writes instead of the store's own `write`. */
  readonly write?: ((to: Changes) => Promise<void>) | undefined;
}

/** What a change has come to. */
export interface ChangeReport {
  /** What the store holds now. */
  readonly after: Reading;
  readonly notices: readonly Notice[];
}

/**
 * Makes a change as every command but `rollback` does: with the lock held, recorded before and
 * after, and read back.
 *
 * @throws CliError when nothing was written, or when what was written was not found afterwards.
 */
export async function makeChange(session: Session, request: ChangeRequest): Promise<ChangeReport> {
  const { target, store, who, output, coordination } = session;
  const lock = await takeLock(coordination, who, request.command);
  const progress = output.progress(`${request.command}: writing`);
  try {
    const before =
      request.write === undefined ? await readBefore(session, request.shown) : request.shown;
    const trail = await readTrail(target.trail.trail).catch(trailFailure(session));
    const notices = noticesOf(trailStateOf(trail.entries), before, who, store.location);
    const change = randomUUID();
    const { command, to, reason } = request;
    const intent: NewEntry = {
      kind: "intent",
      change,
      command,
      who,
      store: store.location,
      from: before,
      to,
      reason: reason === null ? null : output.safe(reason),
    };
    const takenOver =
      lock.takenFrom === null
        ? []
        : [
            noteOf("lock-taken-over", {
              who,
              store: store.location,
              detail: leftText(lock.takenFrom),
            }),
          ];
    const entries = [...takenOver, ...notices.map(({ entry }) => entry), intent];
    await appendEntries(target.trail, entries as [NewEntry]).catch(trailFailure(session));
    const after = await writeAndRecord(session, request, change, before, lock);
    return { after, notices };
  } finally {
    progress.stop();
    await lock.release().catch(() => {});
  }
}

async function writeAndRecord(
  session: Session,
  request: ChangeRequest,
  change: string,
  before: StoredValues,
  lock: HeldLock,
): Promise<Reading> {
  const { target, store, who, mark } = session;
  const { command, to } = request;
  const writeIfDue = async (): Promise<void> => {
    await stillDue(session);
    await store.write(to, { expected: before, lock, mark });
  };
  const writing = request.write?.(to) ?? writeIfDue();
  const fault = await writing.then(
    () => null,
    (error: unknown) => messageOf(error),
  );
  const found = await store.read().then(
    (values) => ({ values, fault: null }),
    (error: unknown) => ({ values: null, fault: messageOf(error) }),
  );
  const isThere = found.values !== null && isSameValues({ ...found.values, ...to }, found.values);
  const result = resultOf(fault, isThere, found.values);
  const why = fault ?? found.fault ?? "another value was read back";
  const detail = isThere ? null : session.output.safe(why);
  const entry: NewEntry = {
    kind: "result",
    change,
    command,
    result,
    who,
    store: store.location,
    values: found.values,
    detail,
  };
  const unrecorded = await appendEntries(target.trail, [entry]).then(
    () => null,
    (error: unknown) => messageOf(error),
  );
  if (result !== "verified" || found.values === null) {
    throw new CliError(
      result === "failed" ? "not-written" : "unverified",
      result === "failed" ? `not written: ${detail}` : `WRITTEN, BUT NOT VERIFIED: ${detail}`,
      { details: { values: found.values }, hint: "Run `edgezero-rollout status`." },
    );
  }
  if (unrecorded !== null) {
    throw new CliError(
      "audit-broken",
      `written and read back, but not recorded in ${target.trail.trail}: ${unrecorded}`,
      { details: { values: found.values } },
    );
  }
  return readingOf(found.values);
}

function resultOf(
  fault: string | null,
  isThere: boolean,
  values: StoredValues | null,
): Exclude<ChangeResult, "interrupted"> {
  if (isThere) return "verified";
  // What failed may have landed all the same; only the store itself can tell.
  return fault !== null && values !== null ? "failed" : "unverified";
}

function leftText({ who, host, pid, since }: Holder): string {
  return `the lock of ${who} (process ${pid} on ${host}, since ${since}) had been left behind`;
}

function trailFailure({ target }: Session): (error: unknown) => never {
  return (error) => {
    if (error instanceof CliError) throw error;
    throw new CliError(
      "audit-broken",
      `the audit trail ${target.trail.trail} cannot be used: ${messageOf(error)}`,
      { hint: "Nothing was written. `rollback` works without the trail.", cause: error },
    );
  };
}
