import { gatewayDocument, openIn } from "../proof/gateway-text.ts";
import { readingDocument } from "../reading.ts";
import type { RollbackReport } from "./report.ts";
import { headline, timeToZeroMs, weakestEvidence } from "./report.ts";

/** A rollback as every JSON document has it. */
export function rollbackDocument(report: RollbackReport): Record<string, unknown> {
  const { location, outcome, write, reading, gateways, totalMs, journal } = report;
  return {
    store: location,
    headline: headline(report),
    written: write.takenAt !== null,
    verified: outcome === "verified",
    ...weakestEvidence(gateways),
    attempts: write.attempts,
    after: reading === null ? null : readingDocument(reading),
    timeToZeroMs: timeToZeroMs(gateways),
    totalMs,
    openAtEdgezero: openIn(gateways),
    served: gateways.map(gatewayDocument),
    audit: { path: journal.location, fault: journal.fault },
  };
}
