import { isAbsolute } from "node:path";
import { messageOf } from "@edgezero/faults/faults";
import type { Coordination, HeldLock, Holder } from "@edgezero/stores/coordination";
import { StoreError } from "@edgezero/stores/operator-store";
import { agoText } from "../duration.ts";
import type { NewEntry } from "../journal/entry.ts";
import { noteOf } from "../journal/entry.ts";
import type { Operation } from "../operation.ts";
import { OperationError } from "../operation-error.ts";

/** Takes the lock of a change. @throws OperationError `lock-held` or `lock-broken`. */
export async function takeLock(
  { lock }: Coordination,
  who: string,
  command: string,
): Promise<HeldLock> {
  const { location } = lock;
  const attempt = await lock.take(who, command).catch((error: unknown) => {
    const isStoreFault = error instanceof StoreError;
    const facts = { location, why: messageOf(error), isStoreFault };
    throw new OperationError("lock-broken", facts, error);
  });
  if (attempt.kind === "held") return attempt.lock;
  throw new OperationError("lock-held", { holder: attempt.holder, location });
}

/** The holder of a lock, for people. */
export function holderText({ who, host, pid, since, command }: Holder): string {
  return `${who} holds the lock for \`${command}\` since ${since} (${agoText(since)}; process ${pid} on ${host})`;
}

/** How to free a lock by hand, for a sentence: what to type where it is a file. */
export function removalText(location: string): string {
  if (!isAbsolute(location)) return `remove ${location}`;
  return `type: rm '${location.replaceAll("'", `'\\''`)}'`;
}

/** The entries that say that a lock had been left behind; empty where it was free. */
export function leftEntries({ who, store }: Operation, { takenFrom }: HeldLock): NewEntry[] {
  if (takenFrom === null) return [];
  const { who: whose, host, pid, since } = takenFrom;
  const detail = `the lock of ${whose} (process ${pid} on ${host}, since ${since}) had been left behind`;
  return [noteOf("lock-taken-over", { who, store: store.location, detail })];
}
