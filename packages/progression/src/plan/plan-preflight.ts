import type { PreflightPlan, PreflightRow, Signal, Traffic } from "../statistics/index.ts";
import { describePreflight, preflight } from "../statistics/index.ts";
import { alphasOf } from "./alphas.ts";
import type { RolloutPlan } from "./rollout-plan.ts";
import { statisticsSignal } from "./statistics-signal.ts";

/** Stages and signals of a plan, as `preflight` takes them. `bounds`: of the latency's buckets. */
export function preflightPlanOf(plan: RolloutPlan, bounds: readonly number[] = [1]): PreflightPlan {
  const alphas = alphasOf(plan);
  const signals = plan.signals.map((rules, i): Signal =>
    statisticsSignal(rules, alphas[i] ?? plan.falseRollback, bounds),
  );
  const stages = plan.stages.map(({ pct, holdMs }) => ({ pct, holdMinutes: holdMs / 60_000 }));
  return { stages, signals };
}

/** What a signal can show in a stage, with a sentence for an operator. */
export type Outlook = PreflightRow & { readonly sentence: string };

/** What a plan can show by the traffic. */
export interface PlanOutlook {
  /** In the order of stages and signals. */
  readonly rows: readonly Outlook[];
  /** Rate signals of which legacy's rate is unknown: they have rows only where there is no legacy. */
  readonly unknown: readonly string[];
}

/** Looks ahead at each stage and signal of a plan. A rate that is unknown is not taken for 0. */
export function outlookOf(plan: RolloutPlan, traffic: Omit<Traffic, "windowSeconds">): PlanOutlook {
  const looked = preflightPlanOf(plan);
  const whole = { ...traffic, windowSeconds: plan.windowMs / 1000 };
  const unknown = plan.signals
    .filter(({ kind, name }) => kind === "rate" && !Object.hasOwn(traffic.rates, name))
    .map(({ name }) => name);
  const rows = preflight(looked, whole)
    .filter(({ pct, signal }) => pct >= 100 || !unknown.includes(signal))
    .map((row) => Object.assign(row, { sentence: describePreflight(looked, whole, row) }));
  return { rows, unknown };
}

/** What an operator is told before a rollout. */
export interface LookAhead extends PlanOutlook {
  /** What was looked ahead by. */
  readonly traffic: Omit<Traffic, "windowSeconds">;
  /** One for each row, then one for each signal that is unknown. */
  readonly sentences: readonly string[];
}

/** Looks ahead, with failures of every signal in bursts of at least one. */
export function lookAhead(
  plan: RolloutPlan,
  known: Omit<Traffic, "windowSeconds" | "designEffect">,
  burst: number,
): LookAhead {
  const bursts = plan.signals.map(({ name }) => [name, Math.max(1, burst)] as const);
  const traffic = { ...known, designEffect: Object.fromEntries(bursts) };
  const outlook = outlookOf(plan, traffic);
  const missing = outlook.unknown.map((name) => `${name}: give legacy's rate, --rate ${name}=…`);
  const sentences = [...outlook.rows.map(({ sentence }) => sentence), ...missing];
  return { traffic, ...outlook, sentences };
}
