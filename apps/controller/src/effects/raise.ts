import { messageOf } from "@edgezero/faults/faults";
import { makeChange } from "@edgezero/operations/change/make-change";
import { coordinationOf } from "@edgezero/operations/operation";
import { OPERATION_FAULTS, OperationError } from "@edgezero/operations/operation-error";
import { readingOf } from "@edgezero/operations/reading";
import { EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import type { StoredValues } from "@edgezero/stores/operator-store";
import type { Place, Seen } from "./place.ts";

/** What became of a write of a higher percentage. */
export type Raised =
  | { readonly kind: "written"; readonly epoch: string; readonly why: string | null }
  | { readonly kind: "not-written"; readonly why: string }
  /** Only the store can tell. */
  | { readonly kind: "unknown"; readonly why: string };

/** A write of a higher percentage that is due. */
export interface RaiseRequest {
  readonly from: number;
  readonly pct: number;
  readonly reason: string;
  /** What the store had when this was decided; a rollback since then stops it. */
  readonly seen: Seen;
}

/**
 * Raises the percentage as the command `set` does: with the lock held, recorded before and after, and only
 * where the store still has what was seen. Never rejects.
 */
export async function raise(
  place: Place,
  { from, pct, reason, seen }: RaiseRequest,
): Promise<Raised> {
  const { state, values } = seen.reading;
  if (!state.enabled) return notWritten("the switch is off: `edgezero-rollout enable` turns it on");
  if (state.rolloutPct !== from) return notWritten(`the store has ${state.rolloutPct}%`);
  try {
    if (!(await place.leads()))
      return notWritten("the lease was lost, and another controller may lead");
    const { store, journal, who, leader, safe } = place;
    const coordination = coordinationOf(store, journal);
    const { after } = await makeChange(
      { store, journal, coordination, who, mark: seen.mark, leader, safe },
      {
        command: "set",
        to: { [EDGEZERO_ROLLOUT_PCT_KEY]: String(pct) },
        reason,
        shown: values,
      },
    );
    return { kind: "written", epoch: after.state.epoch, why: null };
  } catch (error) {
    return afterFault(place, error);
  }
}

function notWritten(why: string): Raised {
  return { kind: "not-written", why };
}

async function afterFault({ safe }: Place, error: unknown): Promise<Raised> {
  const why = safe(whyOf(error));
  // The store could not be asked before the write.
  if (!(error instanceof OperationError)) return notWritten(why);
  const { kind, facts } = error as OperationError;
  const { written } = OPERATION_FAULTS[kind];
  if (written === "no") return notWritten(why);
  const values: StoredValues | null = "values" in facts ? facts.values : null;
  if (written === "unknown" || values === null) return { kind: "unknown", why };
  const { state } = await readingOf(values);
  return { kind: "written", epoch: state.epoch, why };
}

function whyOf(error: unknown): string {
  if (!(error instanceof OperationError)) return messageOf(error);
  const { facts } = error as OperationError;
  const more = "why" in facts ? facts.why : "";
  return more === "" ? error.message : `${error.message}: ${more}`;
}
