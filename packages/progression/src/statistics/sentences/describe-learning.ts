import { designEffect, isLearned, UNLEARNED } from "../design-effect.ts";
import type { Evidence } from "../evidence.ts";
import type { Signal } from "../signal.ts";
import { rounded } from "./numbers.ts";

/**
 * A sentence where legacy has shown too few hits to tell how they cluster, so that evidence counts for
 * less than it may be worth. `null`: enough is known.
 */
export function describeLearning(signal: Signal, evidence: Evidence): string | null {
  const { spread, contrast } = evidence;
  if (isLearned(spread)) return null;
  const hits = HITS[signal.kind === "quantile" ? "slow" : signal.worse === "up" ? "up" : "other"];
  const known = Math.floor(Math.min(spread.expected, UNLEARNED.expected));
  const windows = Math.min(spread.windows, UNLEARNED.windows);
  return (
    `Still learning how ${hits} come in clusters: ${known} of ${UNLEARNED.expected} expected ${hits}, ` +
    `${windows} of ${UNLEARNED.windows} windows of legacy. Until then ` +
    `${rounded(designEffect(spread, contrast))} ${hits} count as one event: verdicts are slower, but not less safe.`
  );
}

const HITS = { slow: "slow requests", up: "failures", other: "hits" } as const;
