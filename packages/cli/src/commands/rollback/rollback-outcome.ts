import type { RollbackOutcome, RollbackReport } from "@edgezero/operations/rollback/report";
import { rollbackDocument } from "@edgezero/operations/rollback/document";
import { headline } from "@edgezero/operations/rollback/report";
import type { ExitName } from "../../exit-codes.ts";
import type { Outcome, Output } from "../../output/output.ts";
import { rollbackText } from "./rollback-text.ts";

const EXITS: Readonly<Record<RollbackOutcome, ExitName>> = {
  verified: "ok",
  unverified: "unverified",
  "not-written": "not-written",
};

/** How a rollback was asked for, as far as its outcome tells of it. */
export interface RollbackTerms {
  /** Whether the number of instances was given. */
  readonly isCountGiven: boolean;
  /** Whether a rollback that the store holds is enough, proven or not. */
  readonly acceptsUnverified: boolean;
}

/** The report of a rollback as the outcome of the command. */
export function rollbackOutcome(
  report: RollbackReport,
  { isCountGiven, acceptsUnverified }: RollbackTerms,
  { paint }: Output,
): Outcome {
  const { outcome, write, overwritten } = report;
  const isHeld = write.takenAt !== null && write.fault === null && overwritten === null;
  return {
    exit: acceptsUnverified && isHeld ? "ok" : EXITS[outcome],
    fault: headline(report),
    text: rollbackText(report, isCountGiven, paint),
    document: rollbackDocument(report),
  };
}
