import { addWindow, readSignal, startEvidence } from "@edgezero/progression";
import type { Reading, Signal } from "@edgezero/progression";
import { bar, label, picture, stroke } from "./picture.ts";

const MARGIN = 0.001;
const SIGNAL: Signal = {
  id: "errors",
  kind: "rate",
  worse: "up",
  alpha: 0.01,
  margin: { abs: MARGIN },
};
/** Failures in windows of 15 seconds, over and over: legacy's of 6,750 requests, EdgeZero's of 750. */
const LEGACY = [7, 5, 9, 6, 8, 6, 7, 6];
const HEALTHY = [1, 0, 1, 1, 0, 1, 1, 1];
const FAULTY = [2, 3, 1, 2, 3, 2, 2, 3];
const COURSES = [
  { name: "healthy", hits: HEALTHY, windows: 12 },
  { name: "healthy", hits: HEALTHY, windows: 60 },
  { name: "healthy", hits: HEALTHY, windows: 400 },
  { name: "faulty", hits: FAULTY, windows: 12 },
  { name: "faulty", hits: FAULTY, windows: 60 },
  { name: "faulty", hits: FAULTY, windows: 200 },
] as const;

const LEFT = 150;
const RIGHT = 395;
/** The differences at both ends, in percentage points. */
const [LOWEST, HIGHEST] = [-0.1, 0.5];
const TOP = 44;
const ROW = 30;

/** The interval of the difference of errors after more and more windows, against the margin. */
export function intervalPictureSection(): string {
  const bottom = TOP + COURSES.length * ROW;
  const [zero, margin] = [xOf(0), xOf(100 * MARGIN)];
  const rows = COURSES.flatMap(({ name, hits, windows }, i) =>
    rowOf(`${name}, ${minutes(windows)}`, readingAfter(hits, windows), TOP + i * ROW),
  );
  return picture(
    "Intervals of two rollouts get shorter until each shows its verdict",
    bottom + 24,
    [
      stroke([zero, TOP - 10, zero, bottom], "--faint"),
      label(zero, TOP - 18, "0", "middle"),
      stroke([margin, TOP - 10, margin, bottom], "--text", true),
      label(margin + 4, TOP - 18, "margin 0.1", "start", "--text"),
      ...rows,
      label(LEFT, bottom + 16, "EdgeZero's errors less legacy's, in points"),
    ],
  );
}

/** What the signal says after so many windows. Legacy alone comes first, as in a real rollout. */
function readingAfter(hits: readonly number[], windows: number): Reading {
  let evidence = startEvidence(SIGNAL);
  for (let i = 0; i < 40 + windows; i++) {
    const control = { trials: 6750, hits: LEGACY[i % LEGACY.length] ?? 0 };
    const canary = i < 40 ? { trials: 0, hits: 0 } : { trials: 750, hits: hits[i % 8] ?? 0 };
    evidence = addWindow(SIGNAL, evidence, { stage: i < 40 ? "0%" : "10%", canary, control });
  }
  return readSignal(SIGNAL, evidence);
}

function rowOf(name: string, reading: Reading, y: number): string[] {
  const { lower, upper, estimate, verdict } = reading;
  if (lower === null || upper === null || estimate === null)
    throw new Error(`${name}: no interval`);
  const colour = verdict === "worse" ? "--bad" : verdict === "not-worse" ? "--main" : "--faint";
  const [from, to] = [xOf(100 * lower), xOf(100 * upper)];
  return [
    label(4, y + 12, name, "start", "--text"),
    bar(from, y + 5, to - from, 5, colour),
    bar(xOf(100 * estimate) - 2, y, 4, 15, colour),
    label(476, y + 12, verdict, "end", colour),
  ];
}

function xOf(points: number): number {
  const within = Math.min(HIGHEST, Math.max(LOWEST, points));
  return LEFT + ((within - LOWEST) / (HIGHEST - LOWEST)) * (RIGHT - LEFT);
}

function minutes(windows: number): string {
  return `${windows / 4} min`;
}
