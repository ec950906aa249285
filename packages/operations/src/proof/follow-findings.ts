import type { Answer } from "./answers.ts";
import { isUnread } from "./answers.ts";
import type { Claim } from "./claim.ts";
import type { ProofFinding } from "./finding.ts";
import { proofFinding } from "./finding.ts";

/** Says why a gateway was not seen to follow the store that was written. */
export function followFindings(
  answers: readonly Answer[],
  { state, follows }: Claim,
): ProofFinding[] {
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
    // Whoever serves what this store holds now may have learned of it here.
    return answers.at(-1)?.epoch === state.epoch
      ? [proofFinding("served-other-values", { epoch })]
      : [proofFinding("other-store", { epoch })];
  }
  if (before.epoch === state.epoch) return [proofFinding("not-changed", {})];
  return answers.some(({ epoch }) => epoch === before.epoch)
    ? []
    : [proofFinding("change-unseen", {})];
}
