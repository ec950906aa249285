import type { SourceName } from "@edgezero/evidence/source";
import type { SourceConfig } from "@edgezero/evidence/source-config";
import { parsePlace } from "@edgezero/evidence/source-config";
import type { PlanContext, RolloutPlan } from "@edgezero/progression";

type Gives = NonNullable<PlanContext["sources"]>[string];

const COUNTED: Gives = ["failures", "timeouts", "latency"];

/** What each source can count. Events and data points have no counters of the site's own. */
const GIVES: Readonly<Record<SourceName, Gives>> = {
  scrape: [...COUNTED, "counters"],
  prometheus: [...COUNTED, "counters"],
  events: COUNTED,
  "analytics-engine": COUNTED,
};

/**
 * The names of the sources in their order. A rollout knows a source by its name, and takes each window of it
 * once: of two with one name it would lose one's.
 *
 * @throws Error where a name comes twice, and SourceConfigError where a text names no source.
 */
export function namesOf(configs: readonly (string | SourceConfig)[]): readonly SourceName[] {
  const names = configs.map((given) => {
    return parsePlace(typeof given === "string" ? given : given.url).name;
  });
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return names;
  const hint =
    twice === "scrape"
      ? ": name several pages as one, such as scrape:http://a/metrics,http://b/metrics"
      : "";
  throw new Error(`evidence names ${twice}: twice, and takes one source of each kind${hint}`);
}

/** A signal that names no source is counted by the first one that can; the first of all counts the traffic. */
export function withSources(plan: RolloutPlan, names: readonly SourceName[]): RolloutPlan {
  const signals = plan.signals.map((signal) => {
    const needed = typeof signal.of === "object" ? "counters" : signal.of;
    const source = signal.source ?? names.find((name) => GIVES[name].includes(needed)) ?? null;
    return { ...signal, source };
  });
  return { ...plan, signals };
}

/** What the sources can count, for the lint of a plan. */
export function givesOf(names: readonly SourceName[]): NonNullable<PlanContext["sources"]> {
  return Object.fromEntries(names.map((name) => [name, GIVES[name]]));
}
