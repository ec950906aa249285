import type { Outcome, Output } from "../output/output.ts";
import { readingDocument } from "./change-outcome.ts";
import type { RollbackReport } from "./rollback-report.ts";
import { headline, rollbackText, timeToZeroMs } from "./rollback-report.ts";

/** The report as the outcome of the command. */
export function rollbackOutcome(
  report: RollbackReport,
  { paint }: Output,
  audit: { path: string; problem: string | null },
): Outcome {
  const { location, exit, write, ways, totalMs } = report;
  return {
    exit,
    problem: headline(report),
    text: rollbackText(report, paint, audit.problem),
    document: {
      store: location,
      written: write.takenAt !== null,
      verified: exit === "ok",
      attempts: write.attempts,
      after: write.reading === null ? null : readingDocument(write.reading),
      timeToZeroMs: timeToZeroMs(ways),
      totalMs,
      served: ways,
      audit,
    },
  };
}
