import type { Sample } from "../probe/probe.ts";
import type { Answer } from "./answers.ts";
import { answerIn, isRight } from "./answers.ts";
import type { Claim, ProofMeans } from "./claim.ts";

const LEAST = 20;
const FOR_EACH = 5;

/** How many answers in a row must come from known instances before all count as seen. */
export function settlingAnswers(seen: number): number {
  return Math.max(LEAST, FOR_EACH * seen);
}

/**
 * How many right answers in a row came at the end from those who were seen before, each to a probe that
 * was sent after the write. A probe that was not answered ends the row, since whoever did not answer is
 * unseen. So does the first answer of someone new.
 */
export function settledRow(samples: readonly Sample[], claim: Claim, means: ProofMeans): number {
  const pending = samples.findIndex(({ answeredAt }) => answeredAt === Infinity);
  const known = pending === -1 ? samples : samples.slice(0, pending);
  const seen = new Set<string>();
  let row = 0;
  for (const sample of known) {
    // A token that was dated wrongly says nothing of who got it.
    if (sample.isMisdated) continue;
    const answer = answerIn(sample, means);
    row = counts(answer, seen, claim) ? row + 1 : 0;
    if (answer !== null) seen.add(answer.who);
  }
  return row;
}

function counts(
  answer: Answer | null,
  seen: ReadonlySet<string>,
  { state, since }: Claim,
): boolean {
  return (
    answer !== null && seen.has(answer.who) && answer.sentAt >= since && isRight(answer, state)
  );
}
