import type { Effect } from "@edgezero/progression";
import { raise } from "../effects/raise.ts";
import { evidenceOfRaise } from "../loop/evidence-text.ts";
import type { RolloutCore } from "./core.ts";

type RaiseEffect = Extract<Effect, { type: "raise" }>;

/** Writes a higher percentage once its intent is on the disk, and tells the rollout what became of it. */
export async function carryOutRaise(
  core: RolloutCore,
  { id, from, pct }: RaiseEffect,
): Promise<void> {
  const { name, place, logger, stop } = core;
  // Before anything is waited for: evidence goes on, and this is what was decided on.
  const evidence = evidenceOfRaise(core.state());
  const fault = await core.save();
  // A rollback may have come first.
  if (core.state().raise?.id !== id || stop.aborted) return;
  const { stages } = core.state().rules;
  const stage = stages.findIndex((each) => each.pct === pct) + 1;
  const seen = core.seen();
  const reason = `stage ${stage} of ${stages.length} of the plan`;
  const done =
    fault !== null
      ? ({ kind: "not-written", why: `the state cannot be saved: ${fault}` } as const)
      : seen === null
        ? ({ kind: "not-written", why: "the store was not read yet" } as const)
        : await raise(place, { from, pct, seen, reason });
  const isWritten = done.kind === "written";
  const after = done.why === null ? "" : `: ${done.why}`;
  const sentence = isWritten
    ? `Wrote ${pct}%, after ${from}%${after}.`
    : `${pct}% is ${done.kind === "unknown" ? "perhaps " : ""}not written${after}.`;
  const written = done.kind === "unknown" ? null : isWritten;
  core.remember({ kind: "change", pct, written }, sentence, evidence);
  logger[isWritten ? "info" : "error"]("raise", { environment: name, id, sentence });
  if (done.kind !== "unknown") {
    const epoch = isWritten ? done.epoch : null;
    core.take({ type: "raised", at: core.now(), id, written: isWritten, epoch });
  }
  await core.save();
}
