import type { RolloutPlan } from "../plan/rollout-plan.ts";
import type { RecordedWindow, Recording } from "./recording.ts";

/** A site's traffic, as a recording has it. */
export interface RecordedTraffic {
  /** Requests a second of both paths: of each of the 24 hours of a day in UTC, or of all where some are missing. */
  readonly rps: number | readonly number[];
  /** Legacy's rate of each rate signal of which it has trials, by the signal's name. */
  readonly rates: Readonly<Record<string, number>>;
}

const HOUR_MS = 3_600_000;
const HOURS = 24;

/** Measures the traffic by which `preflight` looks ahead. Only the recording's source counts requests. */
export function trafficOf({ signals }: RolloutPlan, { head, entries }: Recording): RecordedTraffic {
  const windows = entries.filter((entry) => entry.type === "window");
  const traffic = windows.filter(({ source }) => source === head.source);
  const byHour = Array.from({ length: HOURS }, (_, hour) =>
    rpsOf(traffic.filter(({ from }) => Math.floor(from / HOUR_MS) % HOURS === hour)),
  );
  const known = byHour.filter((rps) => rps !== null);
  const rates = signals.flatMap((signal): [string, number][] => {
    const source = signal.source ?? head.source;
    const rate = rateOf(
      windows.filter((window) => window.source === source),
      signal.name,
    );
    return signal.kind !== "rate" || rate === null ? [] : [[signal.name, rate]];
  });
  const rps = known.length === HOURS ? known : (rpsOf(traffic) ?? 0);
  return { rps, rates: Object.fromEntries(rates) };
}

/** `null`: no window is known. */
function rpsOf(windows: readonly RecordedWindow[]): number | null {
  const lastsMs = windows.reduce((sum, { from, to }) => sum + to - from, 0);
  const requests = windows.reduce(
    (sum, { canary, control }) => sum + canary.requests + control.requests,
    0,
  );
  return lastsMs === 0 ? null : (1000 * requests) / lastsMs;
}

/** Legacy's; `null`: it has no trials. */
function rateOf(windows: readonly RecordedWindow[], name: string): number | null {
  let [trials, hits] = [0, 0];
  for (const { control } of windows) {
    const counts = control.signals[name];
    if (counts === undefined || !("trials" in counts)) continue;
    trials += counts.trials;
    hits += counts.hits;
  }
  return trials === 0 ? null : hits / trials;
}
