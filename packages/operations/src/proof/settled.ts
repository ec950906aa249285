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

/** The right answers in a row at the end of a proof. */
export interface ClosingRow {
  readonly length: number;
  /** Who gave them. */
  readonly whos: ReadonlySet<string>;
  /** The samples that have them. */
  readonly samples: readonly Sample[];
}

/**
 * The right answers in a row that came at the end from those who were seen before, each to a probe that
 * was sent after the write. A probe that was not answered ends the row, since an instance that did not
 * answer is unseen. So does one whose token was dated wrongly, and the first answer of someone new.
 */
export function closingRow(
  samples: readonly Sample[],
  claim: Claim,
  means: ProofMeans,
): ClosingRow {
  const pending = samples.findIndex(({ answeredAt }) => answeredAt === Infinity);
  const known = pending === -1 ? samples : samples.slice(0, pending);
  const seen = new Set<string>();
  let row: { who: string; sample: Sample }[] = [];
  for (const sample of known) {
    const answer = answerIn(sample, means);
    if (answer === null || !counts(answer, seen, claim)) row = [];
    else row.push({ who: answer.who, sample });
    if (answer !== null) seen.add(answer.who);
  }
  return {
    length: row.length,
    whos: new Set(row.map(({ who }) => who)),
    samples: row.map(({ sample }) => sample),
  };
}

function counts(answer: Answer, seen: ReadonlySet<string>, { state, since }: Claim): boolean {
  return seen.has(answer.who) && answer.sentAt >= since && isRight(answer, state);
}
