import type { ExitName } from "../exit-codes.ts";
import type { Paint } from "../output/paint.ts";
import type { WayToZero } from "@edgezero/operations/probe/watch-for-zero";
import type { ZeroWrite } from "@edgezero/operations/rollback/write-zero";
import { valuesText } from "@edgezero/operations/reading";

/** All that a rollback has come to. */
export interface RollbackReport {
  readonly location: string;
  readonly exit: ExitName;
  readonly write: ZeroWrite;
  readonly ways: readonly WayToZero[];
  /** Why what was read back at first no longer holds, or `null`. */
  readonly overwritten: string | null;
  readonly needed: number;
  readonly totalMs: number;
}

/** The longest of all gateways; `null` where it was not measured on any. */
export function timeToZeroMs(ways: readonly WayToZero[]): number | null {
  const measured = ways.flatMap(({ zeroAfterMs }) => (zeroAfterMs === null ? [] : [zeroAfterMs]));
  return measured.length === 0 ? null : Math.max(...measured);
}

/** What has become of a rollback, in one line. */
export function headline({ exit, write, overwritten, ways }: RollbackReport): string {
  if (exit === "ok") {
    return ways.length === 0
      ? "Rolled back: the store holds it. What is served was not checked, since no --url was given."
      : "Rolled back, and verified: no response comes from EdgeZero.";
  }
  if (exit === "not-written")
    return `NOT ROLLED BACK: the store has not confirmed the write. ${write.fault}`;
  const behind = ways.filter(({ isZero }) => !isZero).map(({ url }) => url);
  const why =
    overwritten ??
    (write.fault === null ? `not at zero in time: ${behind.join(", ")}` : write.fault);
  return `WRITTEN, BUT NOT VERIFIED: ${why}`;
}

/** The whole report for people. */
export function rollbackText(
  report: RollbackReport,
  paint: Paint,
  unrecorded: string | null,
): string {
  const { exit, ways, write, location, needed } = report;
  const lines = [exit === "ok" ? paint.good(headline(report)) : paint.loud(headline(report))];
  if (write.reading !== null) lines.push(`${location} holds ${valuesText(write.reading.values)}.`);
  const zeroMs = timeToZeroMs(ways);
  if (exit === "ok" && zeroMs !== null) lines.push(timeToZeroText(zeroMs, ways));
  for (const way of ways) lines.push(wayText(way, needed, paint));
  if (ways.some(({ judgedBy }) => judgedBy === "path")) {
    lines.push(
      paint.faint(
        "Judged by the path alone where the gateway sends no x-edgezero-decision (ATTRIBUTION=detail): if it does not trust this machine's X-Forwarded-For (TRUST_PROXY), all probes were one client.",
      ),
    );
  }
  if (ways.length > 0) {
    lines.push(
      paint.faint("A process behind a url that none of the responses came from is not seen."),
    );
  }
  if (unrecorded !== null) lines.push(paint.warn(`Not recorded in the audit trail: ${unrecorded}`));
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
  const failures = failed === 0 ? "" : ` (${fault})`;
  const state = isZero
    ? paint.good(`at zero: the last ${inARow} responses are from legacy (judged by ${judgedBy})`)
    : paint.bad(`NOT at zero: ${inARow} responses in a row from legacy, of ${needed} needed`);
  return `${url}: ${state}
  ${probes} probes since the write began: ${edgezero} from EdgeZero${last}, ${probes - edgezero - failed} from legacy, ${failed} failed${failures}`;
}
