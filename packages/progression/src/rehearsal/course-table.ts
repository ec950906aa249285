import { duration, percent } from "../statistics/sentences/numbers.ts";
import type { RecordingFinding } from "./recording.ts";
import type { Course, MedianTime, Proportion, RehearsalSummary } from "./course.ts";
import { describeHappening } from "./describe-happening.ts";

/** Rows of cells. */
export type Rows = readonly (readonly string[])[];

/** What happened when, a row each, and at the end where it was. `when`: after the start. */
export function courseRows({ timeline, end }: Course): Rows {
  const rows = timeline.map((happening) => [clock(happening.atMs), describeHappening(happening)]);
  return [...rows, [clock(end.atMs), `${end.sentence} It waits for ${end.waitsFor}.`]];
}

/** The stages that a course went through: number, percentage, how long, EdgeZero's requests. */
export function stageRows({ stages }: Course): Rows {
  return stages.map(({ stage, pct, fromMs, toMs, requests }) => [
    `stage ${stage}`,
    `${pct}%`,
    duration((toMs - fromMs) / 60_000),
    `${Math.round(requests)} requests on EdgeZero`,
  ]);
}

/** What came of many rehearsals, each chance and time with its interval of 95%. */
export function summaryRows(summary: RehearsalSummary): Rows {
  const { detected, detection, completion, bySignal, held } = summary;
  return [
    ["completed", shareText(summary.completed)],
    ["completed after", timeText(completion)],
    ["rolled back", shareText(summary.rolledBack)],
    ["rolled back without a fault", shareText(summary.falseRollbacks)],
    ...(detected === null ? [] : [["fault found", shareText(detected)]]),
    ...(detection === null ? [] : [["fault found after", timeText(detection)]]),
    ...Object.entries(bySignal).map(([name, runs]) => [`rolled back by ${name}`, String(runs)]),
    ...Object.entries(held).map(([reason, runs]) => [`held: ${reason}`, String(runs)]),
  ];
}

function shareText({ hits, runs, part, lower, upper }: Proportion): string {
  // Rounding of the interval's formula is no chance.
  const low = lower < 1e-9 ? 0 : lower;
  return `${hits} of ${runs}: ${percent(part)} (${percent(low)} to ${percent(upper)})`;
}

function shown(ms: number | null): string {
  return ms === null ? "never" : duration(ms / 60_000);
}

function timeText({ medianMs, lowerMs, upperMs }: MedianTime): string {
  if (medianMs === null && lowerMs === null) return "never";
  return `${shown(medianMs)} at the median (${shown(lowerMs)} to ${shown(upperMs)})`;
}

/** What is wrong with a recording, as a sentence without a full stop. */
export function describeRecordingFindings(findings: readonly RecordingFinding[]): string {
  return findings
    .map((one) => `line ${one.line}${one.place}: ${one.message} (allowed: ${one.allowed})`)
    .join("; ");
}

/** Hours, minutes and seconds, such as `26:00:15`; before the start with a minus. */
function clock(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${ms < 0 ? "-" : ""}${parts.map((part) => String(part).padStart(2, "0")).join(":")}`;
}
