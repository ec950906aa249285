import type { Sample } from "../probe/probe.ts";
import type { Answer } from "./answers.ts";
import { lastFault } from "./answers.ts";
import type { Claim, ProofMeans } from "./claim.ts";
import type { ProofFinding } from "./finding.ts";
import { proofFinding } from "./finding.ts";
import type { Evidence } from "./signed-findings.ts";
import { closingRow } from "./settled.ts";

/** Clients that must be told apart. */
const LEAST_CLIENTS = 2;

/** Says what ordinary responses do not show: they prove something only with `x-edgezero-decision`. */
export function ordinaryFindings(
  samples: readonly Sample[],
  answers: readonly Answer[],
  claim: Claim,
  means: ProofMeans,
): Evidence {
  const { needed, instances: wanted } = means;
  const answered = samples.filter(({ path }) => path !== null);
  if (answered.length === 0) {
    const fault = lastFault(samples);
    return { findings: [proofFinding("no-answer", { fault })], isLost: false };
  }
  if (answers.length < answered.length) {
    // It is watched all the same, so that what it does is told.
    const isLost = legacyRow(samples, claim) >= needed;
    return { findings: [proofFinding("not-detailed", {})], isLost };
  }
  const findings: ProofFinding[] = [];
  if (wanted !== null) findings.push(proofFinding("instances-uncounted", { wanted }));
  // Only a rollback's word is that every client is on legacy.
  const client = claim.follows === null ? null : oneClient(answered);
  if (client !== null) findings.push(client);
  const isSettled = closingRow(samples, claim, means).length >= needed;
  if (!isSettled) findings.push(tooFew(samples, claim));
  return { findings, isLost: isSettled };
}

/** Whether the gateway took the probes for several clients, by the buckets that it named. */
function oneClient(answered: readonly Sample[]): ProofFinding | null {
  const named = answered.flatMap(({ bucket, detail }) =>
    detail?.bucket == null ? [] : [{ asked: bucket, bucket: detail.bucket }],
  );
  const other = named.find(({ asked, bucket }) => asked !== bucket);
  if (other !== undefined) return proofFinding("one-client", { bucket: other.bucket });
  return new Set(named.map(({ bucket }) => bucket)).size < LEAST_CLIENTS
    ? proofFinding("one-client", { bucket: null })
    : null;
}

function legacyRow(samples: readonly Sample[], { since }: Claim): number {
  const last = samples.findLastIndex(
    ({ path, sentAt, answeredAt }) =>
      answeredAt < Infinity && (path !== "legacy" || sentAt < since),
  );
  return samples.slice(last + 1).filter(({ answeredAt }) => answeredAt < Infinity).length;
}

function tooFew(samples: readonly Sample[], { since }: Claim): ProofFinding {
  const unanswered = samples.filter(
    ({ path, sentAt, answeredAt }) => path === null && answeredAt < Infinity && sentAt >= since,
  );
  const fault = unanswered.at(-1)?.fault ?? null;
  return fault === null
    ? proofFinding("not-settled", { seen: 1 })
    : proofFinding("probes-unanswered", { count: unanswered.length, fault });
}
