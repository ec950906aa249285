import type { Holder } from "@edgezero/stores/coordination";
import type { TakenOver } from "../effects/taken-over.ts";
import type { TrailNotes } from "../effects/trail-notes.ts";
import type { RolloutCore } from "./core.ts";
import type { LoadedRollout } from "./load-rollout.ts";
import { isUpToDate } from "./load-rollout.ts";
import type { Timeline } from "./timeline.ts";

/** Says what this process found: a rollout to go on with, and who has taken it over meanwhile. */
export function tellBeginning(
  core: RolloutCore,
  { saved, isResumed, fresh }: LoadedRollout,
  operator: TakenOver | null,
  { timeline, notes }: { readonly timeline: Timeline; readonly notes: TrailNotes },
): void {
  const { name, logger } = core;
  if (isResumed) {
    const { phase } = core.state();
    const plansDiffer = !isUpToDate(core.state(), fresh);
    logger.info("resumed", { environment: name, state: phase.name, planWaits: plansDiffer });
    if (plansDiffer) {
      core.remember(
        { kind: "moved", from: null, to: null, held: null },
        "The plan or the evidence in the config has changed. It counts from the next reset on.",
      );
    }
  }
  if (operator === null) return;
  const { who, pct } = operator;
  const sentence = `${who} wrote ${pct}% after the rollback had begun, while no controller ran. It stands, and nothing is guarded.`;
  const from = saved.rollout.phase.name;
  const moved = { kind: "outside", from, to: "idle", held: null } as const;
  timeline.add({ at: core.now(), ...moved, sentence, who, reason: null });
  notes.note("controller-moved", sentence);
  logger.error("the rollback was taken over", { environment: name, sentence });
}

/** Says that this process leads from now on, in the place of one that has not given its lease back. */
export function tellTakeover(
  core: RolloutCore,
  { who, pid, host }: Holder,
  notes: TrailNotes,
): void {
  const { name, place, logger } = core;
  const sentence = `${place.who} leads from now on: ${who} (process ${pid} on ${host}) did not renew its lease.`;
  core.remember({ kind: "moved", from: null, to: null, held: null }, sentence);
  notes.note("controller-moved", sentence);
  logger.warn("took the environment over", { environment: name, sentence });
}
