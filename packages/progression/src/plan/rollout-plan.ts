import type { Signal } from "../statistics/index.ts";
import type { FreezeWindow } from "./freeze.ts";

/** A stage with its defaults filled in. */
export interface RolloutStage {
  /** A whole number, 1 to 100. */
  readonly pct: number;
  /** How long the stage is observed, in milliseconds. */
  readonly holdMs: number;
  /** EdgeZero's requests in this stage, below which the rollout does not advance. */
  readonly minRequests: number;
  /** Whether an operator must approve leaving this stage. */
  readonly approval: boolean;
}

/** Raw counters that a custom signal is made of. They carry the label `path`. */
export interface CounterSelector {
  readonly metric: string;
  readonly match: Readonly<Record<string, string>>;
}

/** What a signal counts. `latency` is that of outcome `ok` alone. */
export type SignalSubject =
  | "failures"
  | "timeouts"
  | "latency"
  | { readonly hits: CounterSelector; readonly trials: CounterSelector };

/** A signal with its defaults filled in. Its buckets and its alpha are the reducer's to fill in. */
export interface RolloutSignal {
  readonly name: string;
  readonly kind: Signal["kind"];
  readonly of: SignalSubject;
  readonly margin: Signal["margin"];
  readonly worse: Signal["worse"];
  /** A rate, or milliseconds. `null`: nothing is proven bad at 100%. */
  readonly ceiling: number | null;
  /** Between 0 and 1. `null` for a rate. */
  readonly quantile: number | null;
  readonly breach: "rollback" | "hold";
  /** Only with `hold`. `null`: never. */
  readonly rollbackAfterMs: number | null;
  readonly required: boolean;
  readonly weight: number;
  /** `null`: the default of the statistics, which blocks no advance. */
  readonly minTrials: number | null;
  readonly minHits: number | null;
  /** `null`: the first source that can give it. */
  readonly source: string | null;
}

/** A whole plan with all defaults filled in: plain JSON, durations in milliseconds. */
export interface RolloutPlan {
  readonly stages: readonly RolloutStage[];
  readonly advance: "no-breach" | "proven";
  readonly signals: readonly RolloutSignal[];
  /** The chance that a healthy canary is rolled back over the whole plan. */
  readonly falseRollback: number;
  readonly freeze: readonly FreezeWindow[];
  readonly noData: {
    readonly graceMs: number;
    readonly pageMs: number;
    readonly repeatMs: number;
    /** `null`: missing data never rolls back. */
    readonly rollbackAfterMs: number | null;
  };
  /** `null`: the store's own figure. */
  readonly propagationMs: number | null;
  readonly windowMs: number;
  /** How long responses that began before a rollback may still stream. */
  readonly drainMs: number;
}
