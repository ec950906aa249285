import type { Signal } from "../statistics/index.ts";
import type { RolloutSignal } from "./rollout-plan.ts";

/** The signal that the statistics judge, by the rules of a plan. `bounds`: of the latency's buckets. */
export function statisticsSignal(
  rules: RolloutSignal,
  alpha: number,
  bounds: readonly number[],
): Signal {
  const { name: id, margin, minTrials, minHits, ceiling, worse, quantile } = rules;
  const options = {
    id,
    margin,
    alpha,
    ...(minTrials === null ? {} : { minTrials }),
    ...(minHits === null ? {} : { minHits }),
    ...(ceiling === null ? {} : { ceiling }),
  };
  if (rules.kind === "rate") return { ...options, kind: "rate", worse };
  const kind = "quantile";
  return { ...options, kind, worse: "up", bounds, ...(quantile === null ? {} : { quantile }) };
}
