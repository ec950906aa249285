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
    `Legacy's windows let expect ${known} of the ${UNLEARNED.expected} ${hits}, in ${windows} of ` +
    `${UNLEARNED.windows} windows, that show how ${hits} cluster: until then ` +
    `${rounded(designEffect(spread, contrast))} ${hits} count as one, which costs time and no safety.`
  );
}

const HITS = { slow: "slow requests", up: "failures", other: "hits" } as const;
