import type { CommandName } from "./event.ts";
import type { HeldReason, PhaseName, RollbackCause } from "./phase.ts";

/** What is worth waking someone up for. */
export type PageReason = HeldReason | "not-written" | "rollback-unverified";

/** What the caller does after a step, in this order: plain JSON. */
export type Effect =
  /** Write a higher percentage, where the store still has `from`. */
  | {
      readonly type: "raise";
      readonly id: string;
      readonly from: number;
      readonly pct: number;
    }
  /** Write 0, by the code of the command `rollback`. It waits for nothing. */
  | { readonly type: "write-zero"; readonly id: string; readonly cause: RollbackCause }
  /** Prove by signed probes that gateways decide by the 0. */
  | { readonly type: "prove-zero"; readonly id: string }
  /** Wake someone up. The incident is the same while its reason lasts. */
  | {
      readonly type: "page";
      readonly incident: string;
      readonly reason: PageReason;
    }
  /** A command was taken or refused. */
  | {
      readonly type: "answer";
      readonly command: CommandName;
      readonly by: string;
      readonly accepted: boolean;
      readonly sentence: string;
    }
  /** The rollout went from a state to another one. */
  | {
      readonly type: "moved";
      readonly from: PhaseName;
      readonly to: PhaseName;
      readonly reason: HeldReason | null;
    };
