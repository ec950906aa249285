import type { Plan } from "@edgezero/progression/plan";

/** A stage of a plan, as the config file has it. */
export interface StageConfig {
  /** A whole number, 1 to 100. */
  pct: number;
  /** How long to stay there before the next stage: `30m`, `2h`, `1d`. */
  hold: string;
  /** EdgeZero's requests in this stage, below which a rollout does not advance by itself. Default 100. */
  minRequests?: number | undefined;
  /** Whether an operator must approve leaving this stage. Default false. */
  approval?: boolean | undefined;
}

/** A counter of a custom signal. It carries the label `path`. */
export interface CounterConfig {
  metric: string;
  match?: Record<string, string> | undefined;
}

/** What is watched, and what a breach does. */
export interface SignalConfig {
  kind: "rate" | "quantile";
  /** Default: `failures` of a rate, `latency` of a quantile. */
  of?:
    | "failures"
    | "timeouts"
    | "latency"
    | { hits: CounterConfig; trials: CounterConfig }
    | undefined;
  /** Between 0 and 1. Default 0.95. */
  quantile?: number | undefined;
  /** How much worse than legacy it may be: percentage points, per cent of legacy's value, or times. */
  margin: { points: number } | { percent: number } | { times: number };
  /** Default `up`. */
  worse?: "up" | "down" | "both" | undefined;
  /** The highest that is allowed at 100%, where there is no legacy. */
  ceiling?: { rate: number } | { ms: number } | undefined;
  breach: "rollback" | "hold";
  /** A duration; only with `hold`. Default: never. */
  rollbackAfter?: string | undefined;
  /** Default true. */
  required?: boolean | undefined;
  /** Its part of `falseRollback`. Default 1. */
  weight?: number | undefined;
  minTrials?: number | undefined;
  minHits?: number | undefined;
  /** Default: the first source that can give it. */
  source?: string | undefined;
}

/** A plan in its full form. Durations are texts such as `90s`, `30m`, `2h` or `1d`. */
export interface FullPlanConfig {
  $schema?: string | undefined;
  stages: StageConfig[];
  /** Default `no-breach`. */
  advance?: "no-breach" | "proven" | undefined;
  /** By name. Default: `errors`, `timeouts` and `p95`, with the runbook's margins. */
  signals?: Record<string, SignalConfig> | undefined;
  /** The chance that a healthy canary is rolled back over the whole plan. Default 0.01. */
  falseRollback?: number | undefined;
  /** Such as `Fri 16:00 - Mon 08:00 Europe/Berlin`. */
  freeze?: string[] | undefined;
  noData?:
    | {
        grace?: string | undefined;
        page?: string | undefined;
        repeat?: string | undefined;
        rollbackAfter?: string | undefined;
      }
    | undefined;
  /** Default: the store's own figure. */
  propagation?: string | undefined;
  /** Default 15s. */
  window?: string | undefined;
  /** How long responses that began before a rollback may still stream. Default 5m. */
  drain?: string | undefined;
}

/** A plan: its stages alone, or the full form. */
export type PlanConfig = StageConfig[] | FullPlanConfig;

/** The stages of a valid plan, for what asks only how far and how long. */
export function stagesOf(plan: PlanConfig): Plan {
  const stages = Array.isArray(plan) ? plan : plan.stages;
  return stages.map(({ pct, hold }) => ({ pct, hold }));
}
