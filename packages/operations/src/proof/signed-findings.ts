import type { Sample } from "../probe/probe.ts";
import type { Answer } from "./answers.ts";
import { lastFault } from "./answers.ts";
import type { Claim, ProofMeans } from "./claim.ts";
import type { ProofFinding } from "./finding.ts";
import { proofFinding } from "./finding.ts";
import { groupsOf, isSpread } from "./groups.ts";
import { unseenWorkers } from "./workers-seen.ts";
import { closingRow, settlingAnswers } from "./settled.ts";

/** The evidence that is wanting, and whether no further probe can bring it. */
export interface Evidence {
  readonly findings: readonly ProofFinding[];
  readonly isLost: boolean;
}

/** Answers that are no probe answers, after which there are no more probes. */
export const MOST_STRAYS: number = 3;
/** Tokens that were dated wrongly although the gateway's time was known. */
const MOST_MISDATED = 20;

/** Says what signed probes do not show. */
export function signedFindings(
  samples: readonly Sample[],
  answers: readonly Answer[],
  claim: Claim,
  means: ProofMeans,
): Evidence {
  const strays = samples.filter((sample) => isStray(sample));
  const misdated = samples.filter(({ isMisdated }) => isMisdated);
  // A balancer's own fault is not the answer of an instance.
  const instances = strays.filter(({ status, path }) => path !== null || (status ?? 0) < 500);
  const isLost = strays.length >= MOST_STRAYS || misdated.length >= MOST_MISDATED;
  const findings: ProofFinding[] = [];
  if (instances.length > 0 || strays.length >= MOST_STRAYS) {
    const facts = { count: strays.length, isMixed: answers.length > 0 };
    findings.push(proofFinding("no-probe-answers", facts));
  }
  if (misdated.length >= MOST_MISDATED) {
    findings.push(proofFinding("clock-skew", { seconds: skewOf(misdated) }));
  }
  if (answers.length === 0) {
    const fault = lastFault(samples);
    if (findings.length === 0) findings.push(proofFinding("no-answer", { fault }));
    return { findings, isLost };
  }
  const groups = groupsOf(answers, claim);
  const seen = groups.size;
  const isSeenOften = [...groups.values()].every(isSpread);
  const row = closingRow(samples, claim, means);
  const unseen = unseenWorkers(samples, row.samples, claim);
  if (unseen !== null) findings.push(proofFinding("workers-missing", unseen));
  const { instances: wanted } = means;
  if (wanted !== null) {
    if (seen < wanted) findings.push(proofFinding("instances-missing", { seen, wanted }));
    if (seen > wanted) findings.push(proofFinding("instances-too-many", { seen, wanted }));
    // One that answered at first, and no more, may have been started again under another name.
    const areThere = isSeenOften && row.whos.size === wanted;
    if (seen === wanted && !areThere) findings.push(seenTooSeldom(samples, claim, seen));
    return { findings, isLost: isLost || seen > wanted };
  }
  const isSettled = row.length >= settlingAnswers(seen);
  if (!isSettled || !isSeenOften) findings.push(seenTooSeldom(samples, claim, seen));
  return { findings, isLost };
}

/** Whether something answered that is no answer to a probe. */
export function isStray({
  status,
  probe,
  isMisdated,
}: Pick<Sample, "status" | "probe" | "isMisdated">): boolean {
  return status !== null && probe === null && !isMisdated;
}

function seenTooSeldom(samples: readonly Sample[], { since }: Claim, seen: number): ProofFinding {
  const unanswered = samples.filter(
    ({ status, sentAt, answeredAt }) => status === null && answeredAt < Infinity && sentAt >= since,
  );
  const fault = unanswered.at(-1)?.fault ?? null;
  return fault === null
    ? proofFinding("not-settled", { seen })
    : proofFinding("probes-unanswered", { count: unanswered.length, fault });
}

function skewOf(misdated: readonly Sample[]): number {
  const last = misdated.at(-1);
  const now = performance.timeOrigin + (last?.answeredAt ?? 0);
  return Math.round(((last?.date ?? now) - now) / 1000);
}
