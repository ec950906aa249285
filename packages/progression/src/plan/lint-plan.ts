import { canRollBack } from "./alphas.ts";
import type { PlanFinding } from "./finding.ts";
import { lintSources } from "./lint-sources.ts";
import { lintTraffic } from "./lint-traffic.ts";
import type { PlanContext } from "./plan-context.ts";
import type { RolloutPlan } from "./rollout-plan.ts";
import { finding } from "./finding.ts";

/**
 * Examines a valid plan by what is known of the site, and reports what would not work, or not as meant.
 * What is not known is not examined. Never throws.
 */
export function lintPlan(plan: RolloutPlan, context: PlanContext = {}): PlanFinding[] {
  return [
    ...lintStages(plan),
    ...lintRollback(plan),
    ...lintProof(plan, context),
    ...lintCeilings(plan, context),
    ...lintPropagation(plan, context),
    ...lintSources(plan, context),
    ...lintTraffic(plan, context),
  ];
}

/** The largest part of clients that a first stage should expose. */
const LARGE_FIRST_PCT = 25;
const SHORT_WINDOW_MS = 5000;

function lintStages({ stages, windowMs }: RolloutPlan): PlanFinding[] {
  const found: PlanFinding[] = [];
  const last = stages.length - 1;
  const [first] = stages;
  if (stages[last]?.approval === true) {
    const message = "the last stage asks for an approval, and nothing comes after it";
    found.push(finding("approval-at-end", `/stages/${last}/approval`, message, "false"));
  }
  if ((stages[last]?.pct ?? 100) < 100) {
    const message = `the plan ends at ${stages[last]?.pct}%`;
    found.push(finding("ends-below-100", `/stages/${last}/pct`, message, "a last stage of 100"));
  }
  if (stages.length > 1 && first !== undefined && first.pct > LARGE_FIRST_PCT) {
    const message = `the first stage exposes ${first.pct}% before anything is known`;
    const allowed = `a first stage of at most ${LARGE_FIRST_PCT}`;
    found.push(finding("large-first-stage", "/stages/0/pct", message, allowed));
  }
  if (windowMs < SHORT_WINDOW_MS) {
    const message = `windows of ${windowMs / 1000} s are shorter than metrics are exact`;
    found.push(finding("short-window", "/window", message, "at least 5s"));
  }
  return found;
}

function lintRollback({ stages, signals }: RolloutPlan): PlanFinding[] {
  const found: PlanFinding[] = [];
  if (!signals.some((signal) => canRollBack(signal))) {
    const message = "no signal rolls back";
    found.push(
      finding("nothing-rolls-back", "/signals", message, "a signal with breach: rollback"),
    );
  }
  if (!signals.some(({ required }) => required)) {
    const message = "no signal is required, so that the plan goes on without evidence of any";
    found.push(finding("nothing-required", "/signals", message, "a signal with required: true"));
  }
  const isWhole = (stages.at(-1)?.pct ?? 0) >= 100;
  if (isWhole && signals.every(({ ceiling }) => ceiling === null)) {
    const message = "at 100% there is no legacy, and no signal has a ceiling";
    found.push(finding("no-ceiling", "/signals", message, "a signal with a ceiling"));
  }
  return found;
}

/** Without a hit on either path no bet on a multiple of legacy's rate is ever won, nor lost. */
function lintProof({ advance, signals }: RolloutPlan, { rates = {} }: PlanContext): PlanFinding[] {
  if (advance !== "proven") return [];
  return signals.flatMap(({ name, kind, of, margin, required }) => {
    const isMultiple = kind === "rate" && !("abs" in margin);
    const isKnown = Object.hasOwn(rates, name);
    // A healthy site may have no failures at all; what others count is there by its nature.
    const mayBeNone = isKnown ? rates[name] === 0 : of === "failures" || of === "timeouts";
    if (!required || !isMultiple || !mayBeNone) return [];
    const known = isKnown ? "legacy has no" : "as long as there are no";
    const message = `${known} ${name}, a margin that is a multiple of legacy's rate is never proven`;
    const allowed = "a margin in points, required: false, or advance: no-breach";
    return [finding("proof-needs-hits", `/signals/${name}/margin`, message, allowed)];
  });
}

function lintCeilings({ signals }: RolloutPlan, { bounds }: PlanContext): PlanFinding[] {
  const last = bounds?.at(-1);
  if (last === undefined) return [];
  return signals.flatMap(({ name, kind, ceiling }) => {
    if (kind !== "quantile" || ceiling === null || ceiling <= last) return [];
    const message = `no bucket of the latency reaches the ceiling of ${ceiling} ms`;
    return [
      finding("ceiling-impossible", `/signals/${name}/ceiling`, message, `at most ${last} ms`),
    ];
  });
}

function lintPropagation(plan: RolloutPlan, { propagationMs }: PlanContext): PlanFinding[] {
  if (plan.propagationMs === null && propagationMs === null) {
    const message = "the store states no propagation time, and the plan does not either";
    return [finding("no-propagation", "/propagation", message, "a duration such as 2m")];
  }
  const known = plan.propagationMs ?? propagationMs;
  if (known === undefined || known === null) return [];
  return plan.stages.flatMap(({ holdMs }, i) =>
    holdMs < known
      ? [
          finding(
            "hold-below-propagation",
            `/stages/${i}/hold`,
            `the hold of ${holdMs / 1000} s is shorter than the propagation of ${known / 1000} s`,
            "at least the propagation",
          ),
        ]
      : [],
  );
}
