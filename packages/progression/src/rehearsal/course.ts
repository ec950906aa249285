import type { Effect, PhaseName, RollbackCause } from "../reducer/index.ts";
import type { Fault } from "./fault.ts";

/** One thing that happened. `atMs`: milliseconds after the operator's `start`. */
export type Happening = { readonly atMs: number } & (
  | { readonly type: "fault-began" | "fault-ended"; readonly fault: Fault }
  /** The store took a percentage. */
  | { readonly type: "written"; readonly pct: number }
  /** Gateways decide by a percentage from now on. */
  | { readonly type: "obeyed"; readonly pct: number }
  /** What the reducer asked for, or answered. */
  | { readonly type: "effect"; readonly effect: Effect }
  /** Of a replay: the plan is at a percentage that was not recorded yet, and waits. */
  | { readonly type: "unrecorded"; readonly pct: number }
);

/** A stay at a stage. */
export interface CourseStage {
  /** From 1. */
  readonly stage: number;
  readonly pct: number;
  readonly fromMs: number;
  /** When it was left for the next one, for 0, or by the end. */
  readonly toMs: number;
  /** Requests of EdgeZero that counted as evidence. */
  readonly requests: number;
}

/** What happened when, to a rollout that was run through from its start: plain data. */
export interface Course {
  /** The time of the operator's `start`, in milliseconds of the epoch. */
  readonly startedAt: number;
  /** All that happened, in order. */
  readonly timeline: readonly Happening[];
  readonly stages: readonly CourseStage[];
  /** The first rollback; `null` where there was none. */
  readonly rollback: {
    readonly atMs: number;
    readonly pct: number;
    readonly cause: RollbackCause;
  } | null;
  readonly completedAtMs: number | null;
  /** Where it was at the last, why not further, and what it waited for. */
  readonly end: {
    readonly atMs: number;
    readonly state: PhaseName;
    readonly sentence: string;
    readonly waitsFor: string;
  };
  /** Windows of evidence that were given after the start. */
  readonly windows: number;
}

/** A course on synthetic traffic. */
export interface Rehearsal extends Course {
  readonly seed: number;
  /** When EdgeZero's first own fault met a client, or would have; `null`: EdgeZero had no fault. */
  readonly faultyFromMs: number | null;
  /** From then to the rollback; `null` where there was no rollback after it. */
  readonly detectionMs: number | null;
  /** Whether a verdict rolled back although EdgeZero had no fault until then. */
  readonly isFalseRollback: boolean;
}

/** How a rehearsal is run. What is left out has its default. */
export interface RehearsalOptions {
  /** Milliseconds of the epoch. Default: Monday, 2026-01-05, 09:00 UTC. */
  readonly startAt?: number;
  /** How long legacy was watched before the start. Default: two hours. */
  readonly warmUpMs?: number;
  /** After how long a rehearsal ends at the latest. Default: twice all holds, and a day. */
  readonly mostMs?: number;
  /** After how long an approval that is waited for is given; `null`: never. Default 0. */
  readonly approvesAfterMs?: number | null;
  /** How long gateways take to follow the store. Default: 15 seconds. */
  readonly propagationMs?: number;
  /** Whether signed probes are answered. Default true. */
  readonly probes?: boolean;
  /** Upper bounds of the latency's buckets in milliseconds. */
  readonly bounds?: readonly number[];
}

/** A chance, from so many of so many runs, with its interval of 95%. */
export interface Proportion {
  readonly hits: number;
  readonly runs: number;
  readonly part: number;
  readonly lower: number;
  readonly upper: number;
}

/** A median with its interval of 95%; `null` stands for "never". */
export interface MedianTime {
  readonly medianMs: number | null;
  readonly lowerMs: number | null;
  readonly upperMs: number | null;
}

/** What came of many rehearsals. */
export interface RehearsalSummary {
  readonly runs: number;
  readonly completed: Proportion;
  readonly rolledBack: Proportion;
  /** Rolled back by a verdict while EdgeZero had no fault. */
  readonly falseRollbacks: Proportion;
  /** Rolled back after EdgeZero's own fault began; `null` where it had none. */
  readonly detected: Proportion | null;
  readonly detection: MedianTime | null;
  readonly completion: MedianTime;
  /** By the name of the signal, in how many runs it rolled back. */
  readonly bySignal: Readonly<Record<string, number>>;
  /** By reason, in how many runs the rollout was held for it at least once. */
  readonly held: Readonly<Record<string, number>>;
}

/** A course on recorded windows. */
export interface Replay extends Course {
  /** Signals of the plan that no window of the recording has: they are missing throughout. */
  readonly unrecorded: readonly string[];
  /** How long the plan was at a percentage that was not recorded. */
  readonly waitedMs: number;
  /** The length of the recording's windows, which replaces the plan's. */
  readonly windowMs: number;
}
