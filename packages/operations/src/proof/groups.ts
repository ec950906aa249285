import type { Answer } from "./answers.ts";
import { isRight } from "./answers.ts";
import type { Claim } from "./claim.ts";

/** The answers of one instance, or of one place where instances cannot be counted. */
export interface Group {
  /** What it serves at last. */
  readonly last: Answer;
  /**
   * The buckets of right answers that count: to probes sent after the write was taken, and after the
   * last wrong answer came. Between sending and answer, a decision may have been made at any time.
   */
  readonly buckets: ReadonlySet<number>;
}

/** Sorts answers by who gave them. */
export function groupsOf(answers: readonly Answer[], claim: Claim): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const [who, own] of Map.groupBy(answers, (answer) => answer.who)) {
    const right = own.filter((answer) => isRight(answer, claim.state));
    const wrong = own.filter((answer) => !right.includes(answer));
    const lastWrongAt = Math.max(...wrong.map(({ answeredAt }) => answeredAt));
    const clean = right.filter(({ sentAt }) => sentAt >= lastWrongAt);
    // A wrong answer that nothing right has followed is the last word.
    const last = clean.at(-1) ?? wrong.at(-1);
    if (last === undefined) continue;
    const counting = clean.filter(({ sentAt }) => sentAt >= claim.since);
    groups.set(who, { last, buckets: new Set(counting.map(({ bucket }) => bucket)) });
  }
  return groups;
}

const THIRDS = [0, 34, 67, 100] as const;

/** Whether a group answered for at least three buckets: one of each third of the range. */
export function isSpread({ buckets }: Group): boolean {
  return [0, 1, 2].every((third) =>
    [...buckets].some((each) => each >= (THIRDS[third] ?? 0) && each < (THIRDS[third + 1] ?? 0)),
  );
}
