import type { WayToZero } from "../probe/watch-for-zero.ts";
import type { ZeroProof } from "./prove-zero.ts";
import type { ZeroWrite } from "./write-zero.ts";

/** How a rollback ended. */
export type RollbackOutcome =
  /** The store was read back, and every named gateway was seen at zero. */
  | "verified"
  /** The store took the write, but it or a gateway was not seen at zero. */
  | "unverified"
  /** The store has not confirmed any write. */
  | "not-written";

/** The course of a rollback, as plain data. */
export interface RollbackCourse extends ZeroProof {
  /** The store, without credentials. */
  readonly location: string;
  readonly outcome: RollbackOutcome;
  readonly write: ZeroWrite;
  /** Responses in a row from legacy that each gateway had to give. */
  readonly needed: number;
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
  { ways, overwritten }: ZeroProof,
): RollbackOutcome {
  if (takenAt === null) return "not-written";
  const isProven = fault === null && overwritten === null && ways.every(({ isZero }) => isZero);
  return isProven ? "verified" : "unverified";
}

/** The time to zero of the slowest gateway, in milliseconds; `null` where no gateway measured it. */
export function timeToZeroMs(ways: readonly WayToZero[]): number | null {
  const measured = ways.flatMap(({ zeroAfterMs }) => (zeroAfterMs === null ? [] : [zeroAfterMs]));
  return measured.length === 0 ? null : Math.max(...measured);
}

/** The outcome of a rollback in one line. */
export function headline({ outcome, write, overwritten, ways }: RollbackCourse): string {
  if (outcome === "verified") {
    return ways.length === 0
      ? "Rolled back: the store holds it. What is served was not checked, since no --url was given."
      : "Rolled back, and verified: no response comes from EdgeZero.";
  }
  if (outcome === "not-written") {
    return `NOT ROLLED BACK: the store has not confirmed the write. ${write.fault}`;
  }
  const behind = ways.filter(({ isZero }) => !isZero).map(({ url }) => url);
  const why = overwritten ?? write.fault ?? `not at zero in time: ${behind.join(", ")}`;
  return `WRITTEN, BUT NOT VERIFIED: ${why}`;
}
