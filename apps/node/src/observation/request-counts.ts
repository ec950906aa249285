import type { RolloutPath, RolloutReason } from "@edgezero/rollout";
import type { DecisionEvent, Exclusion, Outcome } from "@edgezero/rollout/attribution";

/** How many requests had the same attributes. */
export interface RequestCount {
  readonly attributes: CountAttributes;
  count: number;
}

/** A type, not an interface, so that it can be OpenTelemetry's attributes. */
type CountAttributes = {
  readonly path: string;
  readonly reason: RolloutReason;
  readonly status_class: string;
  readonly outcome: string;
  readonly excluded: string;
};

/** What a rollout that goes well brings about. */
const USUAL: readonly (readonly [RolloutPath, RolloutReason])[] = [
  ["legacy", "disabled"],
  ["legacy", "rollback"],
  ["legacy", "bucket"],
  ["edgezero", "bucket"],
  ["edgezero", "cutover"],
];

/** How a request may end, in the order well, badly, broken off, thrown, too late. */
const ENDINGS: readonly (readonly [number | null, Outcome])[] = [
  [200, "ok"],
  [500, "error"],
  [200, "error"],
  [null, "error"],
  [504, "timeout"],
];

/** The config store failed, or held what is no instruction. */
const NO_INSTRUCTION: ReadonlySet<RolloutReason> = new Set([
  "store-unavailable",
  "flag-unreadable",
  "pct-unreadable",
  "pct-absent",
  "pct-invalid",
]);

/**
 * Counts requests by path, reason, status class, outcome and exclusion, each of which is one of a
 * few words: what clients send cannot make another series.
 *
 * Counted here and observed when scraped, since an OpenTelemetry counter spends most of a
 * microsecond on each addition telling attributes apart.
 */
export class RequestCounts {
  /** By reason, since few have the same: a string of all attributes as a key costs much more. */
  readonly #counts = new Map<RolloutReason, RequestCount[]>();

  constructor() {
    // Shown as 0 from the start, since a rate needs a value from before the first error.
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
      const { attributes } = known;
      if (
        attributes.status_class === status_class &&
        attributes.outcome === outcome &&
        attributes.path === path &&
        attributes.excluded === excluded
      ) {
        known.count += weight;
        return;
      }
    }
    const attributes = { path, reason, status_class, outcome, excluded };
    alike.push({ attributes, count: weight });
  }

  /** How many requests met a config that could not be read, or was not valid, by reason. */
  failures(): ReadonlyMap<string, number> {
    const failures = new Map<string, number>();
    for (const reason of NO_INSTRUCTION) failures.set(reason, 0);
    for (const { attributes, count } of this.values()) {
      const { reason } = attributes;
      if (NO_INSTRUCTION.has(reason)) failures.set(reason, (failures.get(reason) ?? 0) + count);
    }
    return failures;
  }

  values(): RequestCount[] {
    return [...this.#counts.values()].flat();
  }
}

const STATUS_CLASSES = ["other", "1xx", "2xx", "3xx", "4xx", "5xx"];

/** `1xx` to `5xx`, or `none` where the handler threw. A status that is none of these is `other`. */
function classOf(status: number | null): string {
  if (status === null) return "none";
  return STATUS_CLASSES[Math.floor(status / 100)] ?? "other";
}
