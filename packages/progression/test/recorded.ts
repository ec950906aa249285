import type { RolloutPlan } from "../src/index.ts";
import { openSite } from "../src/rehearsal/site.ts";
import { seeded } from "../src/rehearsal/random.ts";
import type { RecordedLine, SyntheticTraffic } from "../src/rehearsal/index.ts";
import { initialState } from "../src/reducer/index.ts";
import { BOUNDS, SITE, START, WINDOW } from "./site.ts";

/** So many windows at a percentage, with a rate of EdgeZero's failures where it is not legacy's. */
export interface RecordedStretch {
  readonly pct: number;
  readonly windows: number;
  readonly failures?: number;
}

/** A recording of made-up traffic, line by line. */
export function recorded(
  plan: RolloutPlan,
  traffic: SyntheticTraffic,
  stretches: readonly RecordedStretch[],
): RecordedLine[] {
  const { rules } = initialState(plan, SITE);
  const next = openSite(rules.signals, BOUNDS, traffic, seeded(5));
  let from = START;
  const lines: RecordedLine[] = [
    { type: "recording", version: 1, source: SITE.source, windowMs: WINDOW, bounds: BOUNDS },
  ];
  for (const { pct, windows, failures } of stretches) {
    const faults =
      failures === undefined
        ? []
        : ([{ kind: "rate", signal: "errors", rate: failures, atMs: 0, forMs: null }] as const);
    for (let i = 0; i < windows; i += 1) {
      const to = from + WINDOW;
      const window = next({ from, to, pct, epoch: `epoch-${pct}`, faults })(SITE.source);
      lines.push({ type: "window", source: SITE.source, pct, ...window });
      from = to;
    }
  }
  return lines;
}

export function ndjson(lines: readonly unknown[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
