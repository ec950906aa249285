import { withDeadline } from "@edgezero/faults/deadline";
import { messageOf } from "@edgezero/faults/faults";
import type { Holder } from "@edgezero/stores/coordination";
import type { LeaseTerm } from "@edgezero/stores/lease";
import { SYSTEM_CLOCK } from "../loop/clock.ts";
import type { TakenLease } from "../notify/incident.ts";
import type { LeadPlace } from "./lead-place.ts";
import { leaderText } from "./leader-text.ts";
import { LedElsewhereError } from "./led-elsewhere.ts";

/** A store that hangs must not keep other environments from being opened. */
const LIMIT_MS = 2000;

/** Begins to lead. @throws LedElsewhereError where another process leads, or a shared lease cannot be asked. */
export async function takeLease(
  { lease, termMs }: LeadPlace,
  name: string,
  who: string,
): Promise<LeaseTerm> {
  const isShared = termMs !== null;
  const taking = lease.take(who);
  const attempt = await (isShared ? withDeadline(LIMIT_MS, async () => taking) : taking).catch(
    (error: unknown) => {
      // It may be taken later on, and nobody would lead for the length of a term.
      void taking
        .then(async (late) => (late.kind === "leading" ? late.term.release() : undefined))
        .catch(() => {});
      if (!isShared) throw error;
      const why = messageOf(error);
      const look = { kind: "unknown", why } as const;
      throw new LedElsewhereError(`who leads cannot be read: ${why}`, lease, look, isShared);
    },
  );
  if (attempt.kind === "leading") return attempt.term;
  const { holder } = attempt;
  const { pid, host, since } = holder;
  const why = isShared
    ? `process ${pid} on ${host} leads, since ${since}`
    : leaderText(holder, lease.location);
  const message = `${name}: ${why}`;
  throw new LedElsewhereError(message, lease, { kind: "led", holder }, isShared);
}

/** What receivers are told of a leader that did not hand over; `null` where there is none. */
export function takenLease(before: Holder | null): TakenLease | null {
  if (before === null) return null;
  return { at: SYSTEM_CLOCK.wall(), from: `Process ${before.pid} on ${before.host}` };
}
