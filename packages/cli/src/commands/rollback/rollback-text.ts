import type { WayToZero } from "@edgezero/operations/probe/watch-for-zero";
import { valuesText } from "@edgezero/operations/reading";
import type { RollbackReport } from "@edgezero/operations/rollback/report";
import { headline, timeToZeroMs } from "@edgezero/operations/rollback/report";
import { DECISION_HEADER } from "@edgezero/rollout/attribution";
import type { Paint } from "../../output/paint.ts";

/** The whole report for people. */
export function rollbackText(report: RollbackReport, paint: Paint): string {
  const { outcome, ways, reading, location, needed, journal } = report;
  const isVerified = outcome === "verified";
  const lines = [isVerified ? paint.good(headline(report)) : paint.loud(headline(report))];
  if (reading !== null) lines.push(`${location} holds ${valuesText(reading.values)}.`);
  const zeroMs = timeToZeroMs(ways);
  if (isVerified && zeroMs !== null) lines.push(timeToZeroText(zeroMs, ways));
  for (const way of ways) lines.push(wayText(way, needed, paint));
  if (ways.some(({ judgedBy }) => judgedBy === "path")) {
    lines.push(
      paint.faint(
        `Judged by the path alone where the gateway sends no ${DECISION_HEADER} (ATTRIBUTION=detail): if it does not trust this machine's X-Forwarded-For (TRUST_PROXY), all probes were one client.`,
      ),
    );
  }
  if (ways.length > 0) {
    lines.push(
      paint.faint("A process behind a url that none of the responses came from is not seen."),
    );
  }
  if (journal.fault !== null) {
    lines.push(paint.warn(`Not recorded in the audit trail: ${journal.fault}`));
  }
  return lines.join("\n");
}

function timeToZeroText(zeroMs: number, ways: readonly WayToZero[]): string {
  const ms = `${zeroMs.toFixed(0)} ms from the start of the write`;
  return ways.some(({ edgezero }) => edgezero > 0)
    ? `Time to zero: ${ms}.`
    : `Time to zero: at most ${ms}.\nNo probe was answered by EdgeZero: it was at zero by the first answer, or before the rollback.`;
}

function wayText(way: WayToZero, needed: number, paint: Paint): string {
  const { url, isZero, inARow, judgedBy, probes, edgezero, failed, fault, lastEdgezeroMs } = way;
  const last = lastEdgezeroMs === null ? "" : ` (the last after ${lastEdgezeroMs.toFixed(0)} ms)`;
  const why = failed === 0 ? "" : ` (${fault})`;
  const state = isZero
    ? paint.good(`at zero: the last ${inARow} responses are from legacy (judged by ${judgedBy})`)
    : paint.bad(`NOT at zero: ${inARow} responses in a row from legacy, of ${needed} needed`);
  return `${url}: ${state}
  ${probes} probes since the write began: ${edgezero} from EdgeZero${last}, ${probes - edgezero - failed} from legacy, ${failed} failed${why}`;
}
