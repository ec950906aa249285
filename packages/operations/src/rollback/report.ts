import type { GatewayProof } from "../proof/watch-gateway.ts";
import type { JudgedBy } from "../proof/prove.ts";
import type { ZeroProof } from "./prove-zero.ts";
import type { ZeroWrite } from "./write-zero.ts";

/** How a rollback ended. */
export type RollbackOutcome =
  /** The store was read back, and every named gateway has proven that it serves zero by this store. */
  | "verified"
  /** The store took the write, but it or a gateway has not proven it, or no gateway was named. */
  | "unverified"
  /** The store has not confirmed any write. */
  | "not-written";

/** The course of a rollback, as plain data. */
export interface RollbackCourse extends ZeroProof {
  /** The store, without credentials. */
  readonly location: string;
  readonly outcome: RollbackOutcome;
  readonly write: ZeroWrite;
  /** The whole time in milliseconds. */
  readonly totalMs: number;
}

/** The course, and how it was recorded. */
export interface RollbackReport extends RollbackCourse {
  readonly journal: {
    readonly location: string;
    /** Why the rollback could not be recorded, or `null`. */
    readonly fault: string | null;
  };
}

/** Judges a rollback by its two steps. Pure. */
export function rollbackOutcome(
  { takenAt, fault }: ZeroWrite,
  { gateways, overwritten }: ZeroProof,
): RollbackOutcome {
  if (takenAt === null) return "not-written";
  const isProven = gateways.length > 0 && gateways.every((gateway) => gateway.isProven);
  return fault === null && overwritten === null && isProven ? "verified" : "unverified";
}

/**
 * The time to zero of the slowest gateway, in milliseconds; `null` unless each was proven, and was seen
 * to change or told of it.
 */
export function timeToZeroMs(gateways: readonly GatewayProof[]): number | null {
  const times = gateways.map(({ isProven, changedAfterMs }) => (isProven ? changedAfterMs : null));
  const measured = times.flatMap((ms) => ms ?? []);
  return measured.length === 0 || measured.length < times.length ? null : Math.max(...measured);
}

/** What is weakest in the evidence of all gateways. */
export interface WeakestEvidence {
  readonly judgedBy: JudgedBy;
  /** The fewest instances that answered for a gateway; `null` where they could not be counted. */
  readonly instances: number | null;
  /** The epoch that every gateway serves; `null` where they differ, or one names no epoch. */
  readonly epoch: string | null;
}

const STRENGTH: Readonly<Record<JudgedBy, number>> = { none: 0, detail: 1, probe: 2 };

/** The weakest evidence; that of no gateway is the weakest of all. */
export function weakestEvidence(gateways: readonly GatewayProof[]): WeakestEvidence {
  const [weakest] = gateways.toSorted((a, b) => STRENGTH[a.judgedBy] - STRENGTH[b.judgedBy]);
  const counts = gateways.flatMap(({ instances }) => instances ?? []);
  const epochs = new Set(gateways.map(({ epoch }) => epoch));
  return {
    judgedBy: weakest?.judgedBy ?? "none",
    instances: counts.length > 0 && counts.length === gateways.length ? Math.min(...counts) : null,
    epoch: epochs.size === 1 ? (weakest?.epoch ?? null) : null,
  };
}

/** The outcome of a rollback in one line, with the one thing to do where it is not proven. */
export function headline({ outcome, write, overwritten, gateways }: RollbackCourse): string {
  if (outcome === "verified") return `Rolled back, and verified: ${provenBy(gateways)}`;
  if (outcome === "not-written") {
    return `NOT ROLLED BACK: the store has not confirmed the write. ${write.fault}`;
  }
  const lost = overwritten ?? write.fault;
  if (lost !== null) {
    return `The store accepted the write, but ${write.fault === null ? "" : "a read afterwards did not show it: "}${lost}. NOT verified. Run \`status\`, then \`rollback\` again.`;
  }
  return `Rolled back in the store. NOT verified: ${whyUnproven(gateways)}`;
}

/** What the weakest of the proofs says. */
function provenBy(gateways: readonly GatewayProof[]): string {
  const { judgedBy, instances } = weakestEvidence(gateways);
  const what = "serves legacy by the new values";
  if (judgedBy !== "probe") {
    return `every gateway ${what}, as its responses say. They do not tell instances apart.`;
  }
  return instances === null
    ? `every gateway ${what} in the places seen. Others are unseen.`
    : `every instance seen ${what}.`;
}

function whyUnproven(gateways: readonly GatewayProof[]): string {
  const behind = gateways.filter(({ isProven }) => !isProven);
  const [first] = behind;
  const [finding] = first?.findings ?? [];
  if (first === undefined || finding === undefined) {
    return "no gateway was named, so what clients get is not known. Name each gateway with --url, or in the config file. Those of the config file are used only without --store and EDGEZERO_STORE.";
  }
  const more = behind.length === 1 ? "" : ` (and ${behind.length - 1} more)`;
  return `${first.url}: ${finding.message}${more}. ${finding.todo}`;
}
