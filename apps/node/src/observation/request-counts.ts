import type { RolloutPath, RolloutReason } from "@edgezero/rollout";
import { REASONS } from "@edgezero/rollout";
import type { DecisionEvent, Exclusion, Outcome } from "@edgezero/rollout/attribution";
import type { Sample } from "./exposition.ts";

/** A number of requests with the same labels. */
interface RequestCount {
  readonly labels: CountLabels;
  value: number;
}

/** A type, not an interface, so that it can serve as `Labels`. */
type CountLabels = {
  readonly path: string;
  readonly reason: RolloutReason;
  readonly status_class: string;
  readonly outcome: string;
  readonly excluded: string;
};

/** The decisions of a rollout that goes well. */
const USUAL: readonly (readonly [RolloutPath, RolloutReason])[] = [
  ["legacy", "disabled"],
  ["legacy", "rollback"],
  ["legacy", "bucket"],
  ["edgezero", "bucket"],
  ["edgezero", "cutover"],
];

/** How a request may end: well, with an error, broken off, thrown, too late. */
const ENDINGS: readonly (readonly [number | null, Outcome])[] = [
  [200, "ok"],
  [500, "error"],
  [200, "error"],
  [null, "error"],
  [504, "timeout"],
];

/** The reasons of {@link REASONS} that are faults: every request goes to legacy for one of them. */
const FAULTS = (Object.keys(REASONS) as RolloutReason[]).filter(
  (reason) => REASONS[reason].isFault,
);

/**
 * Counts requests by path, reason, status class, outcome and exclusion. Each of these is one of a few
 * words, so that clients cannot create more series.
 */
export class RequestCounts {
  /** By reason, which few counts share: a key made of all labels would cost much more. */
  readonly #counts = new Map<RolloutReason, RequestCount[]>();

  constructor() {
    // They are 0 from the start, since a rate needs a value from before the first error.
    for (const [path, reason] of USUAL) {
      for (const [status, outcome] of ENDINGS) {
        this.#count(path, reason, classOf(status), outcome, "no", 0);
      }
    }
  }

  add({ path, reason, status, outcome, excluded, weight }: DecisionEvent): void {
    this.#count(path, reason, classOf(status), outcome, excluded ?? "no", weight);
  }

  #count(
    path: RolloutPath,
    reason: RolloutReason,
    status_class: string,
    outcome: Outcome,
    excluded: Exclusion | "no",
    weight: number,
  ): void {
    let alike = this.#counts.get(reason);
    if (alike === undefined) this.#counts.set(reason, (alike = []));
    for (const known of alike) {
      const { labels } = known;
      if (
        labels.status_class === status_class &&
        labels.outcome === outcome &&
        labels.path === path &&
        labels.excluded === excluded
      ) {
        known.value += weight;
        return;
      }
    }
    alike.push({ labels: { path, reason, status_class, outcome, excluded }, value: weight });
  }

  /** The counts by all labels. */
  samples(): readonly Sample[] {
    return this.#all();
  }

  /** The counts of requests whose config could not be read, or was not valid, by reason. */
  configReadFailures(): Sample[] {
    const failures = new Map<RolloutReason, number>();
    for (const reason of FAULTS) failures.set(reason, 0);
    for (const { labels, value } of this.#all()) {
      const before = failures.get(labels.reason);
      if (before !== undefined) failures.set(labels.reason, before + value);
    }
    return [...failures].map(([reason, value]) => ({ labels: { reason }, value }));
  }

  #all(): RequestCount[] {
    return [...this.#counts.values()].flat();
  }
}

const STATUS_CLASSES = ["other", "1xx", "2xx", "3xx", "4xx", "5xx"];

/** `1xx` to `5xx`; `none` where the handler threw; `other` for any other status. */
function classOf(status: number | null): string {
  if (status === null) return "none";
  return STATUS_CLASSES[Math.floor(status / 100)] ?? "other";
}
