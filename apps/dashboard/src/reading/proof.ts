import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { TimelineEntry } from "@edgezero/control-api/timeline";
import { measuredText } from "./times.ts";

/** How far a step of a rollback is. */
export type StepStatus = "done" | "under-way" | "ahead" | "not-proven";

/** A step of a rollback, as the page shows it. */
export interface RollbackStep {
  readonly name: "written" | "proven";
  readonly status: StepStatus;
  readonly text: string;
}

/** The course of a rollback: written, then proven, with times. Empty where there is none. Pure. */
export function rollbackSteps(view: EnvironmentView, now: number): readonly RollbackStep[] {
  const { rollback, state } = view;
  if (rollback === null) return [];
  const { since, writtenAt, attempts } = rollback;
  if (writtenAt === null) {
    const tried = attempts > 1 ? `, attempt ${attempts}` : "";
    const text = `Writing 0 for ${measuredText(now - since)}${tried}`;
    return [
      { name: "written", status: "under-way", text },
      { name: "proven", status: "ahead", text: "Then it is proven" },
    ];
  }
  if (attempts === 0) {
    return [
      { name: "written", status: "ahead", text: "Not written by this controller" },
      { name: "proven", status: "ahead", text: "Not proven at every gateway" },
    ];
  }
  const written: RollbackStep = {
    name: "written",
    status: "done",
    text: `0 written in ${measuredText(writtenAt - since)}`,
  };
  return [written, provenStep(view, state, since, now)];
}

function provenStep(
  view: EnvironmentView,
  state: EnvironmentView["state"],
  since: number,
  now: number,
): RollbackStep {
  const proof = view.timeline.findLast((entry) => entry.kind === "proof" && entry.at >= since);
  const isProof = proof?.kind === "proof" && proof.proven;
  if (state === "rolled-back") {
    // Without probes the decisions of gateways prove it, and no entry has its time.
    const text = isProof
      ? `Proven in ${measuredText(proof.at - since)}: every gateway seen serves legacy`
      : "Proven";
    return { name: "proven", status: "done", text };
  }
  if (state === "rollback-unverified") {
    const why = isProof
      ? "clients got EdgeZero after it was proven"
      : (proof?.sentence ?? "no gateway has shown it");
    return { name: "proven", status: "not-proven", text: unverifiedText(why) };
  }
  return { name: "proven", status: "under-way", text: `Proving for ${measuredText(now - since)}` };
}

/** Why a rollback is not proven. A controller may say itself that it is not. Pure. */
export function unverifiedText(why: string): string {
  return why.includes("NOT verified") ? why : `NOT verified: ${why}`;
}

/** Whether an entry proves a rollback, and nothing revoked that later. Pure. */
export function isStandingProof(entry: TimelineEntry, timeline: readonly TimelineEntry[]): boolean {
  if (entry.kind !== "proof" || !entry.proven) return false;
  const left = timeline.find(
    ({ at, ...each }) => at >= entry.at && each.kind === "moved" && each.from === "rolled-back",
  );
  return left?.kind !== "moved" || left.to !== "rollback-unverified";
}
