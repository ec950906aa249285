import type { CommandName } from "@edgezero/progression";

/** What each command asks of a controller, in a line. A rollback needs no controller, and is asked of none. */
export const ASKED: Readonly<Record<Exclude<CommandName, "rollback">, string>> = {
  start: "Ask the controller to begin the plan",
  pause: "Ask the controller to stay; it still rolls back by itself",
  resume: "Ask the controller to go on after a pause, or from another percentage",
  approve: "Approve that the controller leaves a stage",
  promote: "Ask the controller to skip the rest of a hold",
  reset: "Ask the controller to forget an ended rollout, or with --keep its evidence",
};
