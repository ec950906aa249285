/** Why a rollout is held. The order is that of importance. */
export const HELD_REASONS = [
  "drifted",
  "fault",
  "one-client",
  "breach",
  "incident",
  "legacy-down",
  "no-legacy",
  "blind",
  "no-traffic",
  "routing",
  "unseen",
  "share",
  "propagation",
] as const;

export type HeldReason = (typeof HELD_REASONS)[number];

/** A reason to hold that is there now. */
export interface Condition {
  readonly since: number;
  /** Windows in a row that show that it is over. */
  readonly good: number;
}

/** A signal that holds, from its first verdict on. */
export interface Breach {
  readonly since: number;
  /** When the present quarter of an hour began, and its evidence with it. */
  readonly quarter: number;
}

/** Decisions after a write, and how many of them carried what was written. */
export interface Carried {
  readonly all: number;
  readonly carrying: number;
}

/** One stay at a percentage above 0. */
export interface Pass {
  /** The index of the stage; −1 below the first one. */
  readonly stage: number;
  /** Counts the passes of a rollout. */
  readonly number: number;
  /** The percentage in force. */
  readonly pct: number;
  /** The percentage before the write, which the store may still return. `null`: someone else wrote. */
  readonly before: number | null;
  /** The epoch of the value in force, once it is known. */
  readonly epoch: string | null;
  readonly writtenAt: number;
  /** When gateways were seen to decide by it. */
  readonly arrivedAt: number | null;
  readonly carried: Carried;
  /** How long it was observed, in milliseconds. */
  readonly clockMs: number;
  readonly approved: boolean;
  /** EdgeZero's requests, and in how many windows of the traffic they came. */
  readonly requests: number;
  readonly windows: number;
  /** EdgeZero's share in the newest window that could be compared with the percentage, 0 to 1. */
  readonly share: number | null;
  readonly conditions: Readonly<Partial<Record<HeldReason, Condition>>>;
  readonly breaches: Readonly<Record<string, Breach>>;
  /** The end of the newest window that gave a signal; `""` for the traffic itself. */
  readonly seen: Readonly<Record<string, number>>;
  /** Gateways that the newest window counted; `null` where the source cannot tell. */
  readonly instances: number | null;
  /** Windows in a row in which legacy was over the ceiling. */
  readonly over: number;
  /** EdgeZero's distinct clients in the windows of the last minute. */
  readonly clients: readonly {
    readonly to: number;
    readonly all: number;
    readonly failing: number;
  }[];
}

/** Why a rollout was rolled back. */
export type RollbackCause =
  | { readonly kind: "operator"; readonly by: string }
  | { readonly kind: "worse"; readonly signal: string }
  /** A signal that holds stayed worse for its `rollbackAfter`. */
  | { readonly kind: "lasted"; readonly signal: string }
  /** There was no fresh data for as long as the plan allows, which does not say that EdgeZero is bad. */
  | { readonly kind: "no-data" }
  /** Someone else wrote 0 or switched it off. */
  | { readonly kind: "outside" };

/** A raise that was under way when a rollback began. Its write may land after the 0. */
export interface Dropped {
  readonly id: string;
  readonly pct: number;
  /** From this time on it is lost: what the store has then is somebody else's. */
  readonly until: number;
  /** When its write was answered; a store that has 0 after that keeps it. `null`: it was not answered. */
  readonly answeredAt: number | null;
}

/** A way back to 0. */
export interface Rollback {
  readonly cause: RollbackCause;
  readonly since: number;
  readonly id: string;
  readonly attempts: number;
  readonly askedAt: number;
  /** When the 0 was in the store; `null` before that. */
  readonly writtenAt: number | null;
  /** Whether the last attempt was answered by "not written". */
  readonly failed: boolean;
  readonly epoch: string | null;
  /** Decisions after the write; `carrying` counts those under the new epoch that went to legacy. */
  readonly carried: Carried;
  readonly proofAskedAt: number | null;
  readonly dropped: Dropped | null;
}

/** Where a rollout is: exactly one of these. */
export type Phase =
  | { readonly name: "idle" }
  | { readonly name: "warming-up" }
  | {
      readonly name: "propagating" | "observing" | "awaiting-approval" | "paused" | "completed";
      readonly pass: Pass;
    }
  | { readonly name: "held"; readonly reason: HeldReason; readonly pass: Pass }
  | {
      readonly name: "rolling-back" | "rolled-back" | "rollback-unverified";
      readonly rollback: Rollback;
    };

export type PhaseName = Phase["name"];

/** States in which a percentage above 0 is, or may be, in force by the plan. */
export type ExposedPhase = Extract<Phase, { readonly pass: Pass }>;

export function isExposed(phase: Phase): phase is ExposedPhase {
  return "pass" in phase;
}
