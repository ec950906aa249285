import { messageOf } from "@edgezero/faults/faults";
import type { Coordination, HeldLock, Holder } from "@edgezero/stores/coordination";
import { StoreError } from "@edgezero/stores/operator-store";
import { agoText } from "../duration.ts";
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

/** A lock that was left behind, for the journal. */
export function leftText({ who, host, pid, since }: Holder): string {
  return `the lock of ${who} (process ${pid} on ${host}, since ${since}) had been left behind`;
}
