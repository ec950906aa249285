import type { PlanFinding } from "./finding.ts";
import { finding } from "./finding.ts";
import type { PlanContext, SourceGives } from "./plan-context.ts";
import type { RolloutPlan, RolloutSignal } from "./rollout-plan.ts";

/** Finds signals that no source gives, or not the one that they name. */
export function lintSources({ signals }: RolloutPlan, { sources }: PlanContext): PlanFinding[] {
  if (sources === undefined) return [];
  return signals.flatMap((signal) => lintSource(signal, sources));
}

type Sources = NonNullable<PlanContext["sources"]>;

function lintSource({ name, of, source }: RolloutSignal, sources: Sources): PlanFinding[] {
  const asked: SourceGives = typeof of === "string" ? of : "counters";
  const able = Object.keys(sources).filter((known) => sources[known]?.includes(asked) === true);
  const allowed = able.length > 0 ? able.join(", ") : `a source that gives ${asked}`;
  const place = `/signals/${name}`;
  if (source === null) {
    return able.length > 0
      ? []
      : [finding("no-source", place, `no source gives ${asked}`, allowed)];
  }
  if (!Object.hasOwn(sources, source)) {
    return [finding("no-source", `${place}/source`, `no source is named ${source}`, allowed)];
  }
  return able.includes(source)
    ? []
    : [finding("source-cannot", `${place}/source`, `${source} does not give ${asked}`, allowed)];
}
