import type { Answer } from "./answers.ts";
import { isUnread } from "./answers.ts";
import type { Claim, ProofMeans } from "./claim.ts";
import type { ProofFinding } from "./finding.ts";
import { proofFinding } from "./finding.ts";

/**
 * Says why a gateway was not seen to follow the store that was written. Where instances can be told
 * apart, each must have been seen: one that was first asked after the write may read a store of its
 * own that holds the same values, unless it tells of the change.
 */
export function followFindings(
  answers: readonly Answer[],
  claim: Claim,
  means: ProofMeans,
): ProofFinding[] {
  const { state, follows } = claim;
  if (follows === null) return [];
  const { before, startedAt } = follows;
  if (before.kind === "unknown") return [proofFinding("before-unknown", {})];
  const isEarly = ({ epoch, answeredAt }: Answer): boolean =>
    epoch === state.epoch && epoch !== before.epoch && answeredAt < startedAt;
  const foreign = answers.findLast(
    (answer) =>
      isEarly(answer) ||
      (answer.epoch !== before.epoch && answer.epoch !== state.epoch && !isUnread(answer)),
  );
  if (foreign !== undefined) {
    const { epoch } = foreign;
    // A gateway that serves what this store holds now may have read it here.
    return answers.at(-1)?.epoch === state.epoch
      ? [proofFinding("served-other-values", { epoch })]
      : [proofFinding("other-store", { epoch })];
  }
  if (before.epoch === state.epoch) return [proofFinding("not-changed", {})];
  const hasFollowed = (answer: Answer): boolean =>
    answer.epoch === before.epoch || tellsChange(answer, claim);
  const areApart = means.isSigned && means.isCounted;
  const groups = Map.groupBy(answers, ({ who }) => (areApart ? who : ""));
  const unseen = [...groups.values()].filter((own) => !own.some(hasFollowed)).length;
  return unseen === 0 ? [] : [proofFinding("change-unseen", { unseen, seen: groups.size })];
}

/** Whether an answer by the new values tells that the gateway came to them from those before the write. */
export function tellsChange({ epoch, change }: Answer, { state, follows }: Claim): boolean {
  if (follows === null || follows.before.kind === "unknown" || change === null) return false;
  const { before, startedAt } = follows;
  return epoch === state.epoch && change.from === before.epoch && change.until >= startedAt;
}
