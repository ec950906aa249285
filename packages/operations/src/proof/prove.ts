import type { Sample } from "../probe/probe.ts";
import type { Answer } from "./answers.ts";
import { answerIn, isRight } from "./answers.ts";
import type { Claim, ProofMeans } from "./claim.ts";
import { followFindings } from "./follow-findings.ts";
import type { ProofFinding } from "./finding.ts";
import { groupsOf } from "./groups.ts";
import { ordinaryFindings } from "./ordinary-findings.ts";
import { servedFindings } from "./served-findings.ts";
import { signedFindings } from "./signed-findings.ts";

/** The evidence that a gateway was judged by, the weakest first. */
export type JudgedBy = "none" | "detail" | "probe";

/** The verdict about one gateway. */
export interface Proof {
  readonly isProven: boolean;
  /** Why it is not proven, the weightiest reason first. Empty where it is proven. */
  readonly findings: readonly ProofFinding[];
  /** Whether more probes cannot change the verdict. */
  readonly isOver: boolean;
  readonly judgedBy: JudgedBy;
  /** How many instances answered; `null` where they cannot be counted. */
  readonly instances: number | null;
  /** The places that answered. Others are unseen. */
  readonly places: readonly string[];
  /** The epoch served at last: one that is not the claim's, where an instance serves such; or `null`. */
  readonly epoch: string | null;
  /** Responses and upgrades still open at EdgeZero, in all instances seen; `null` where none tells. */
  readonly open: number | null;
  /** The same for each instance, since one may answer behind several URLs. */
  readonly openByInstance: Readonly<Record<string, number>>;
}

/**
 * Judges what a gateway was seen to do. Pure: the same samples always give the same verdict.
 *
 * @param samples In the order in which they were sent; those under way are among them.
 */
export function prove(samples: readonly Sample[], claim: Claim, means: ProofMeans): Proof {
  const answers = samples.flatMap((sample) => answerIn(sample, means) ?? []);
  const groups = groupsOf(answers, claim);
  const { findings: evidence, isLost } = (means.isSigned ? signedFindings : ordinaryFindings)(
    samples,
    answers,
    claim,
    means,
  );
  const served = [...evidence, ...servedFindings(groups, claim)];
  const follows = answers.length === 0 ? [] : followFindings(answers, claim, means);
  const findings = ordered([...served, ...follows]);
  const last = answers.findLast(
    (answer) => !isRight(answer, claim.state) && isLast(answer, groups),
  );
  const openByInstance = openIn(samples);
  return {
    isProven: findings.length === 0,
    findings,
    isOver: isLost || served.length === 0,
    judgedBy: judgedBy(samples, answers, means),
    instances: means.isSigned && means.isCounted ? groups.size : null,
    places: [...new Set(samples.flatMap(({ probe }) => probe?.place ?? []))].toSorted(),
    epoch: (last ?? answers.at(-1))?.epoch ?? null,
    open: sumOf(openByInstance),
    openByInstance,
  };
}

/** The verdict about a gateway of which nothing can be told for a reason beside its answers. */
export function unproven(
  samples: readonly Sample[],
  finding: ProofFinding,
  means: ProofMeans,
): Proof {
  const state = { enabled: false, rolloutPct: 0, reason: "disabled", epoch: "" } as const;
  const proof = prove(samples, { state, since: Infinity, follows: null }, means);
  return { ...proof, isProven: false, findings: [finding] };
}

/** What is said first when there is more than one reason. */
const WEIGHT: Partial<Record<ProofFinding["kind"], number>> = {
  "no-probe-answers": 0,
  "clock-skew": 1,
  "no-answer": 2,
  "store-unread": 3,
  "other-store": 4,
  "other-values": 5,
  "old-values": 5,
  "unseen-since": 5,
  "wrong-path": 5,
};

function ordered(findings: readonly ProofFinding[]): ProofFinding[] {
  const isOther = findings.some(({ kind }) => kind === "other-store");
  // Who serves something else will not settle.
  const isBehind = findings.some(({ kind }) => WEIGHT[kind] !== undefined);
  return [...new Map(findings.map((finding) => [finding.kind, finding])).values()]
    .filter(
      ({ kind }) => !(isOther && kind === "old-values") && !(isBehind && kind === "not-settled"),
    )
    .toSorted((a, b) => (WEIGHT[a.kind] ?? 9) - (WEIGHT[b.kind] ?? 9));
}

function isLast(answer: Answer, groups: ReturnType<typeof groupsOf>): boolean {
  return groups.get(answer.who)?.last === answer;
}

function judgedBy(
  samples: readonly Sample[],
  answers: readonly Answer[],
  { isSigned }: ProofMeans,
): JudgedBy {
  if (answers.length === 0) return "none";
  if (isSigned) return "probe";
  return samples.every(({ path, detail }) => path === null || detail?.epoch) ? "detail" : "none";
}

function openIn(samples: readonly Sample[]): Record<string, number> {
  const told = samples.flatMap(({ probe }) =>
    probe === null || probe.open === null ? [] : [[probe.instance, probe.open] as const],
  );
  return Object.fromEntries(told);
}

/** The sum of what instances have open at EdgeZero; `null` where none tells. */
export function sumOf(open: Readonly<Record<string, number>>): number | null {
  const all = Object.values(open);
  return all.length === 0 ? null : all.reduce((sum, each) => sum + each, 0);
}
