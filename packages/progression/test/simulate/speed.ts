import type { Signal, SignalWindow } from "../../src/index.ts";
import { addWindow, judgeSignal, startEvidence } from "../../src/index.ts";
import { drawLatencies, latencyChances, P95 } from "./latency.ts";
import { seeded } from "./random.ts";
import { trafficOf } from "./site.ts";
import type { Print } from "./tables.ts";

/** The runbook's four signals. */
const SIGNALS: readonly Signal[] = [
  { id: "errors", kind: "rate", worse: "up", alpha: 0.008, margin: { abs: 0.001 } },
  { id: "timeouts", kind: "rate", worse: "up", alpha: 0.001, margin: { ratio: 2 } },
  P95,
  { id: "wins", kind: "rate", worse: "both", alpha: 0.01, margin: { rel: 0.01 } },
];
/** Different windows, which then come again. */
const VARIETY = 200;
const MEASURED = 5000;

/** Windows at 10 % of 500 rps, for each signal. */
function drawWindows(): SignalWindow[][] {
  const random = seeded(1);
  const [failures, timeouts, wins] = [0.001, 0.0002, 0.3].map((rate) =>
    trafficOf({ name: "", rps: 500, rate }, random),
  );
  const chances = latencyChances(1);
  return Array.from({ length: VARIETY }, () => {
    const rateOf = (next: typeof failures): SignalWindow => {
      const nobody = { trials: 0, hits: 0 };
      return { stage: "10", ...(next?.(10) ?? { canary: nobody, control: nobody }) };
    };
    const p95 = {
      stage: "10",
      canary: drawLatencies(random, 750, chances),
      control: drawLatencies(random, 6750, chances),
    };
    return [rateOf(failures), rateOf(timeouts), p95, rateOf(wins)];
  });
}

/** Microseconds of each of many runs, ascending. */
function microseconds(action: () => void): number[] {
  return Array.from({ length: MEASURED }, () => {
    const from = performance.now();
    action();
    return (performance.now() - from) * 1000;
  }).toSorted((a, b) => a - b);
}

/** Times `addWindow` alone, with four signals a window, early and late in a rollout. */
export function printSpeed(print: Print): void {
  const windows = drawWindows();
  const signals = SIGNALS.map((signal, i) => ({
    signal,
    windows: windows.flatMap((ofAll) => ofAll[i] ?? []),
    evidence: startEvidence(signal),
  }));
  let count = 0;
  const add = (): void => {
    for (const one of signals) {
      const window = one.windows[count % VARIETY];
      if (window !== undefined) one.evidence = addWindow(one.signal, one.evidence, window);
    }
    count += 1;
  };
  const addMany = (more: number): void => {
    for (let i = 0; i < more; i += 1) add();
  };
  const row = (name: string, times: readonly number[]): void => {
    const at = (part: number): string => (times[Math.floor(times.length * part)] ?? 0).toFixed(1);
    print(`| ${name} | ${at(0.5)} | ${at(0.9)} |`);
  };

  print("\n| µs, four signals | median | 90% |");
  print("| --- | ---: | ---: |");
  addMany(20_000); // Compiled, and warm.
  for (const one of signals) one.evidence = startEvidence(one.signal);
  count = 0;
  addMany(100);
  row("addWindow, from window 100", microseconds(add));
  addMany(100_000 - count);
  row("addWindow, from window 100,000", microseconds(add));
  const judge = (): void =>
    signals.forEach(({ signal, evidence }) => judgeSignal(signal, evidence));
  row("judgeSignal", microseconds(judge));
}
