import type { EvidenceWindow, RolloutState, SignalWindow } from "@edgezero/progression";
import { addWindow, reduce, startEvidence } from "@edgezero/progression";
import { rehearseMany } from "@edgezero/progression/rehearsal";
import { median } from "../statistics.ts";
import type { Day } from "./day.ts";
import { dayPlan, drawDay, evidenceOf } from "./day.ts";

/** How much is measured. */
export interface VerdictScale {
  /** Windows of 15 seconds that are reduced. */
  readonly windows: number;
  /** Windows that are timed one by one, early and late. */
  readonly timed: number;
  /** How many windows came before the late ones. */
  readonly late: number;
  /** Rollouts of a day's minutes that are rehearsed. */
  readonly rehearsals: number;
}

/** Microseconds of one window with four signals, after so many windows. */
export interface WindowRow {
  readonly after: number;
  readonly median: number;
  readonly ninetieth: number;
}

export interface VerdictData {
  readonly scale: VerdictScale;
  /** `addWindow` alone. */
  readonly added: readonly WindowRow[];
  /** `reduce`, with the store read and the evidence of one window. */
  readonly reduced: readonly WindowRow[];
  /** All windows of 15 seconds: milliseconds of CPU. */
  readonly reducedMs: number;
  /** Seconds of CPU of all rehearsals together. */
  readonly rehearsedSeconds: number;
  /** Windows of all rehearsals, in each of which four signals were judged. */
  readonly rehearsedWindows: number;
}

const WINDOW_MS = 15_000;
const MINUTE_MS = 60_000;
/** Different windows, which then come again where more are asked for. */
const VARIETY = 1000;

/** Measures what a window costs, early and late in a rollout, and what whole rollouts cost. */
export function measureVerdicts(scale: VerdictScale): VerdictData {
  const day = drawDay(WINDOW_MS, scale.windows);
  const warmed = reduceAll(day); // Compiled, and warm.
  if (warmed.phase.name !== "observing") throw new Error(`The rollout is ${warmed.phase.name}`);
  const before = process.cpuUsage();
  reduceAll(day);
  const reducedMs = microsecondsSince(before) / 1000;
  return {
    scale,
    added: timeAdded(day, scale),
    reduced: timeReduced(day, scale),
    reducedMs,
    ...rehearseDays(scale.rehearsals),
  };
}

function reduceOne(day: Day, before: RolloutState, window: EvidenceWindow): RolloutState {
  const { pct, epoch } = day;
  const read = reduce(before, { type: "store", at: window.to, pct, epoch }).state;
  return reduce(read, evidenceOf(window)).state;
}

function reduceAll(day: Day): RolloutState {
  let { state } = day;
  for (const window of day.windows) state = reduceOne(day, state, window);
  return state;
}

/** The windows at the beginning and at the end of the day. */
function timeReduced(day: Day, { timed }: VerdictScale): WindowRow[] {
  const times: number[] = [];
  let { state } = day;
  for (const window of day.windows) {
    const from = performance.now();
    state = reduceOne(day, state, window);
    times.push((performance.now() - from) * 1000);
  }
  const late = Math.max(0, times.length - timed);
  return [rowOf(0, times.slice(0, timed)), rowOf(late, times.slice(late))];
}

function timeAdded(day: Day, { timed, late }: VerdictScale): WindowRow[] {
  const { signals } = day.state.rules;
  const windows = day.windows.slice(0, VARIETY);
  const given = signals.map(({ name, signal }) => ({
    signal,
    windows: windows.map(({ canary, control }) => windowOf(name, canary, control)),
    evidence: startEvidence(signal),
  }));
  let count = 0;
  const add = (): void => {
    for (const one of given) {
      const window = one.windows[count % windows.length];
      if (window !== undefined) one.evidence = addWindow(one.signal, one.evidence, window);
    }
    count += 1;
  };
  const time = (after: number): WindowRow => {
    for (let i = count; i < after; i += 1) add();
    const times = Array.from({ length: timed }, () => {
      const from = performance.now();
      add();
      return (performance.now() - from) * 1000;
    });
    return rowOf(after, times);
  };
  for (let i = 0; i < Math.min(late, 20_000); i += 1) add(); // Compiled, and warm.
  for (const one of given) one.evidence = startEvidence(one.signal);
  count = 0;
  return [time(0), time(late)];
}

type Path = EvidenceWindow["canary"];

function windowOf(name: string, canary: Path, control: Path): SignalWindow {
  const [own, legacy] = [canary.signals[name], control.signals[name]];
  if (own === undefined || legacy === undefined) throw new Error(`${name} was not drawn`);
  return { stage: "10%", canary: own, control: legacy };
}

function rowOf(after: number, times: readonly number[]): WindowRow {
  const sorted = times.toSorted((a, b) => a - b);
  const ninetieth = sorted[Math.floor(sorted.length * 0.9)] ?? Number.NaN;
  return { after, median: median(times), ninetieth };
}

function rehearseDays(
  rehearsals: number,
): Pick<VerdictData, "rehearsedSeconds" | "rehearsedWindows"> {
  const plan = dayPlan(MINUTE_MS);
  const before = process.cpuUsage();
  const { completed } = rehearseMany(plan, { rps: 500 }, [], rehearsals, 1, {
    warmUpMs: 20 * MINUTE_MS,
  });
  const rehearsedSeconds = microsecondsSince(before) / 1e6;
  if (completed.hits < 0.9 * rehearsals) throw new Error("Too many rehearsals did not complete");
  return { rehearsedSeconds, rehearsedWindows: rehearsals * 1440 };
}

/** Of CPU. */
function microsecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
