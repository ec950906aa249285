import type { Sample } from "../probe/probe.ts";
import { answerIn, isRight } from "./answers.ts";
import type { Claim, ProofMeans } from "./claim.ts";
import { tellsChange } from "./follow-findings.ts";

/** What became of the probes of a gateway. */
export interface WatchCounts {
  readonly probes: number;
  /** Responses from EdgeZero, from the first probe on. */
  readonly edgezero: number;
  readonly legacy: number;
  /** Probes without a response of a gateway. */
  readonly failed: number;
  /** Why the last of them failed; `null` where no probe failed. */
  readonly fault: string | null;
  /**
   * When the first answer came after which every one was by the new values, in milliseconds from the
   * start of the write; `null` where the gateway was not seen to change, and tells of no change.
   */
  readonly changedAfterMs: number | null;
}

/** Counts the probes of a gateway that were answered or failed. Pure. */
export function countsOf(
  samples: readonly Sample[],
  claim: Claim | null,
  means: ProofMeans,
): WatchCounts {
  const unanswered = samples.filter(({ path }) => path === null);
  return {
    probes: samples.length,
    edgezero: samples.filter(({ path }) => path === "edgezero").length,
    legacy: samples.filter(({ path }) => path === "legacy").length,
    failed: unanswered.length,
    fault: unanswered.at(-1)?.fault ?? null,
    changedAfterMs: claim === null ? null : changedAfterMs(samples, claim, means),
  };
}

function changedAfterMs(
  samples: readonly Sample[],
  claim: Claim,
  means: ProofMeans,
): number | null {
  const { state, follows } = claim;
  if (follows === null) return null;
  const answers = samples
    .flatMap((sample) => answerIn(sample, means) ?? [])
    .toSorted((a, b) => a.answeredAt - b.answeredAt);
  const lastWrong = answers.findLastIndex((answer) => !isRight(answer, state));
  const first = answers[lastWrong + 1];
  const isSeen = answers.some(
    (answer) => answer.epoch !== state.epoch || tellsChange(answer, claim),
  );
  // Tenths of a millisecond: more digits would say more than was measured.
  return isSeen && first !== undefined
    ? Math.round(10 * (first.answeredAt - follows.startedAt)) / 10
    : null;
}
