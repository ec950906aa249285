import { valuesText } from "@edgezero/operations/reading";
import type { RollbackReport } from "@edgezero/operations/rollback/report";
import { headline, timeToZeroMs, weakestEvidence } from "@edgezero/operations/rollback/report";
import type { Paint } from "../../output/paint.ts";
import { gatewayLines } from "../gateway-text.ts";

/** The whole report for people. */
export function rollbackText(report: RollbackReport, isCountGiven: boolean, paint: Paint): string {
  const { outcome, gateways, reading, location, journal } = report;
  const isVerified = outcome === "verified";
  const lines = [isVerified ? paint.good(headline(report)) : paint.loud(headline(report))];
  // Elsewhere the headline says what is unseen.
  const areCounted = weakestEvidence(gateways).instances !== null;
  if (isVerified && areCounted && !isCountGiven) {
    lines.push("An instance that answered no probe is not seen; --instances says how many must.");
  }
  if (reading !== null) lines.push(`${location} holds ${valuesText(reading.values)}.`);
  const zeroMs = timeToZeroMs(gateways);
  if (zeroMs !== null) {
    lines.push(`Time to zero: ${zeroMs.toFixed(0)} ms from the start of the write.`);
  }
  for (const gateway of gateways) lines.push(...gatewayLines(gateway, "serves legacy", paint));
  if (journal.fault !== null) {
    lines.push(paint.warn(`Not recorded in the audit trail: ${journal.fault}`));
  }
  return lines.join("\n");
}
