import type { RolloutState } from "@edgezero/rollout";
import type { Answer } from "./answers.ts";
import { isRight, isUnread } from "./answers.ts";
import type { Claim } from "./claim.ts";
import type { ProofFinding } from "./finding.ts";
import { proofFinding } from "./finding.ts";
import type { Group } from "./groups.ts";

/** Says who does not serve the claim's values at last. */
export function servedFindings(
  groups: ReadonlyMap<string, Group>,
  { state, since, follows }: Claim,
): ProofFinding[] {
  const behind = [...groups.values()]
    .map(({ last }) => last)
    .filter((last) => !isRight(last, state));
  const [first] = behind;
  if (first === undefined) return [];
  const current = behind.find(({ sentAt }) => sentAt >= since);
  const all = { behind: behind.length, seen: groups.size };
  const before = follows?.before.kind === "epoch" ? follows.before.epoch : null;
  // What was asked before the write says nothing of what is served since.
  return current === undefined
    ? [proofFinding("unseen-since", { epoch: first.epoch, ...all })]
    : [behindFinding(current, state, all, before)];
}

function behindFinding(
  answer: Answer,
  state: RolloutState,
  all: { readonly behind: number; readonly seen: number },
  before: string | null,
): ProofFinding {
  const { epoch, path, bucket, reason } = answer;
  if (epoch === state.epoch) return proofFinding("wrong-path", { path, bucket });
  if (isUnread(answer)) {
    return proofFinding("store-unread", { reason: reason ?? "" });
  }
  if (before === null && all.behind === all.seen) {
    return proofFinding("other-values", { epoch, wanted: state.epoch });
  }
  return epoch !== before && all.behind === all.seen
    ? proofFinding("other-store", { epoch })
    : proofFinding("old-values", { epoch, ...all });
}
