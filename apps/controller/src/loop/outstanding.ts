import type { RolloutState } from "@edgezero/progression";

/** Effects whose results a state still waits for, as an earlier process may have left them. */
export interface Outstanding {
  /** The id of a raise that may or may not have been written. */
  readonly raise: string | null;
  /** The id of a write of 0. */
  readonly zero: string | null;
  /** The id of a 0 that is written and not proven. */
  readonly proof: string | null;
}

/** Finds what was under way when a state was saved. Pure. */
export function outstanding({ phase, raise, rules }: RolloutState): Outstanding {
  const open = raise !== null && !raise.failed ? raise.id : null;
  if (!("rollback" in phase)) return { raise: open, zero: null, proof: null };
  const { id, writtenAt } = phase.rollback;
  const isDue = phase.name !== "rolled-back";
  return {
    raise: open,
    zero: isDue && writtenAt === null ? id : null,
    proof: isDue && writtenAt !== null && rules.probes ? id : null,
  };
}
