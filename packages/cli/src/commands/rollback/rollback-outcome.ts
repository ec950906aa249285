import type { RollbackOutcome, RollbackReport } from "@edgezero/operations/rollback/report";
import { headline, timeToZeroMs } from "@edgezero/operations/rollback/report";
import type { ExitName } from "../../exit-codes.ts";
import type { Outcome, Output } from "../../output/output.ts";
import { readingDocument } from "../change-outcome.ts";
import { rollbackText } from "./rollback-text.ts";

const EXITS: Readonly<Record<RollbackOutcome, ExitName>> = {
  verified: "ok",
  unverified: "unverified",
  "not-written": "not-written",
};

/** The report of a rollback as the outcome of the command. */
export function rollbackOutcome(report: RollbackReport, { paint }: Output): Outcome {
  const { location, outcome, write, reading, ways, totalMs, journal } = report;
  return {
    exit: EXITS[outcome],
    fault: headline(report),
    text: rollbackText(report, paint),
    document: {
      store: location,
      written: write.takenAt !== null,
      verified: outcome === "verified",
      attempts: write.attempts,
      after: reading === null ? null : readingDocument(reading),
      timeToZeroMs: timeToZeroMs(ways),
      totalMs,
      served: ways,
      audit: { path: journal.location, problem: journal.fault },
    },
  };
}
