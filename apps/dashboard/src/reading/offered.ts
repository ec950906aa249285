import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { CommandRequest } from "@edgezero/control-api/command";
import { promoteCondition } from "@edgezero/progression/explain";

/** A command as the page offers it. */
export type Action = CommandRequest["command"];

/** What an operator may do in each state, the likeliest first. A rollback is always offered beside it. */
const OFFERED: Readonly<Record<EnvironmentView["state"], readonly Exclude<Action, "rollback">[]>> =
  {
    idle: ["start"],
    "warming-up": ["reset"],
    propagating: ["pause"],
    observing: ["promote", "pause"],
    held: ["pause"],
    "awaiting-approval": ["approve", "pause"],
    paused: ["resume"],
    "rolling-back": [],
    "rolled-back": ["reset"],
    "rollback-unverified": ["reset"],
    completed: ["reset"],
    unavailable: [],
    following: [],
  };

/** What is offered now, beside the rollback. Pure. */
export function offeredActions(view: EnvironmentView): readonly Exclude<Action, "rollback">[] {
  const offered = OFFERED[view.state];
  // Only a drift waits for a resume; another reason ends by itself.
  if (view.reason === "drifted") return ["resume", ...offered];
  const isApprovalAhead = view.rail.some(
    ({ status, approval }) => status === "present" && approval === "needed",
  );
  const early = view.state === "observing" && isApprovalAhead ? (["approve"] as const) : [];
  return [...early, ...offered];
}

/** When a promotion becomes possible; `null` where only the stage's time is left, so that it is now. Pure. */
export function promoteRefusal({ reason, waitsFor }: EnvironmentView): string | null {
  return reason === null || reason === "hold" || reason === "approval"
    ? null
    : promoteCondition(waitsFor);
}

/** The action that goes on with the rollout, which one shortcut asks for; `null` where there is none. Pure. */
export function firstAction(view: EnvironmentView): Action | null {
  return (
    offeredActions(view).find(
      (action) => ONWARD.has(action) && isPossible({ action, stage: view.stage }, view),
    ) ?? null
  );
}

const ONWARD: ReadonlySet<Action> = new Set(["start", "approve", "promote", "resume"]);

/** Whether an action that was asked for at a stage still means the same, and may be taken. Pure. */
export function isPossible(
  { action, stage }: { readonly action: Action; readonly stage: number | null },
  view: EnvironmentView,
): boolean {
  if (action === "rollback") return true;
  if (!offeredActions(view).includes(action)) return false;
  if (action === "promote" && promoteRefusal(view) !== null) return false;
  return action === "pause" || stage === view.stage;
}
