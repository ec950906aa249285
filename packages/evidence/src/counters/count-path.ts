import type { EvidenceWindow } from "@edgezero/progression";
import type { CountedSignal, CounterSelector, SourceOptions } from "../source.ts";
import { boundFrom, cumulativeAt, cumulativeOf } from "./buckets.ts";
import type { Increase } from "./count-interval.ts";
import { METRICS, PATIENCE_MS } from "./metrics.ts";

export type RolloutPath = "legacy" | "edgezero";
export type PathCounts = EvidenceWindow["canary"];
export type Counted = PathCounts["signals"][string];

/** Counts of a path without its clients, which are no counters. */
export type Requests = Omit<PathCounts, "clients">;

/** What one gateway counted of one path in one interval. */
export function countPath(
  path: RolloutPath,
  increase: Increase,
  { signals, bounds }: Pick<SourceOptions, "signals" | "bounds">,
): Requests {
  const of = increase.filter(({ labels }) => labels["path"] === path);
  const evidence = (match: CounterSelector["match"]): number =>
    sum(of, { metric: METRICS.requests, match: { ...match, excluded: "no" } });
  const requests = evidence({});
  const timeouts = evidence({ outcome: "timeout" }) + lateAborts(of);
  const failures = evidence({ outcome: "error" }) + timeouts;

  function counted({ of: subject }: CountedSignal): Counted | null {
    if (subject === "failures") return { trials: requests, hits: Math.min(requests, failures) };
    if (subject === "timeouts") return { trials: requests, hits: Math.min(requests, timeouts) };
    if (subject === "latency") return latency(of, evidence({ outcome: "ok" }), bounds);
    // A counter that the gateway does not have is not one that counted nothing.
    if (!isKnown(increase, subject.hits) || !isKnown(increase, subject.trials)) return null;
    const counts = { trials: sum(of, subject.trials), hits: sum(of, subject.hits) };
    return counts.hits <= counts.trials ? counts : null;
  }

  const given = signals.flatMap((signal): [string, Counted][] => {
    const value = counted(signal);
    return value === null ? [] : [[signal.name, value]];
  });
  return { requests, signals: Object.fromEntries(given) };
}

/** A path's counters come with its first request, so that one path is enough. */
function isKnown(increase: Increase, selector: CounterSelector): boolean {
  return increase.some(
    (sample) => isSelected(sample, selector) && sample.labels["path"] !== undefined,
  );
}

function isSelected(
  { name, labels }: Increase[number],
  { metric, match }: CounterSelector,
): boolean {
  return name === metric && Object.entries(match).every(([key, text]) => labels[key] === text);
}

function sum(increase: Increase, selector: CounterSelector): number {
  let total = 0;
  for (const sample of increase) if (isSelected(sample, selector)) total += sample.value;
  return total;
}

function durations(of: Increase, outcome: string): Increase {
  return of.filter(
    ({ name, labels }) =>
      name === METRICS.durations && labels["evidence"] === "true" && labels["outcome"] === outcome,
  );
}

function latency(of: Increase, ok: number, bounds: readonly number[]): Counted | null {
  const cumulative = cumulativeOf(durations(of, "ok"));
  if (cumulative.size === 0 && ok > 0) return null;
  const buckets: number[] = [];
  let before = 0;
  for (const bound of [...bounds, Infinity]) {
    const count = cumulative.size === 0 ? 0 : cumulativeAt(cumulative, bound);
    // The gateway counts by other bounds, or its buckets are not in order.
    if (count === null || count < before) return null;
    buckets.push(count - before);
    before = count;
  }
  return { buckets };
}

/** Clients that left after they had waited too long for a first byte. */
function lateAborts(of: Increase): number {
  const cumulative = cumulativeOf(durations(of, "aborted"));
  const all = cumulativeAt(cumulative, Infinity) ?? 0;
  return all - (cumulativeAt(cumulative, boundFrom(cumulative, PATIENCE_MS)) ?? all);
}
