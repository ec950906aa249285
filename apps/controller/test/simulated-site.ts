import type { EvidenceReading, EvidenceSource } from "@edgezero/evidence/source";
import type { EvidenceWindow } from "@edgezero/progression";
import { expandPlan } from "@edgezero/progression";
import type { RolloutPlan, Site } from "@edgezero/progression";
import type { StoredValues } from "@edgezero/stores/operator-store";
import { readingOf } from "@edgezero/operations/reading";
import type { TestClock } from "./test-clock.ts";

export const WINDOW_MS = 1000;
export const BOUNDS: readonly number[] = [50, 100, 200, 500, 1000];
export const SIMULATED: Site = {
  source: "scrape",
  bounds: BOUNDS,
  delayMs: {},
  propagationMs: 1000,
  probes: false,
};

/** Stages of some seconds, in windows of one. */
export const SHORT_PLAN: RolloutPlan = {
  ...expandPlan([
    { pct: 10, hold: "4s" },
    { pct: 50, hold: "4s" },
    { pct: 100, hold: "4s" },
  ]),
  windowMs: WINDOW_MS,
  drainMs: 1000,
};

/** How a path fails in a window: a part of its requests. */
export interface Failing {
  canary: number;
  control: number;
}

/**
 * Gateways that decide by the store at once, and a source that counts each window of theirs. A window can
 * be asked for again, as from a store of metrics.
 */
export class SimulatedSite implements EvidenceSource {
  readonly name = "scrape" as const;
  readonly location = "simulated";
  readonly failing: Failing = { canary: 0, control: 0 };
  requests = 1000;
  /** Why it does not answer; `null` while it does. */
  dead: string | null = null;
  readonly windows: EvidenceWindow[] = [];
  readonly #clock: TestClock;
  readonly #read: () => Promise<StoredValues>;

  constructor(clock: TestClock, read: () => Promise<StoredValues>) {
    this.#clock = clock;
    this.#read = read;
  }

  /** A window passes. Gateways decide by what the store has at its begin. */
  async pass(): Promise<void> {
    const { state } = await readingOf(await this.#read());
    const from = Math.ceil(this.#clock.wall() / WINDOW_MS) * WINDOW_MS;
    this.#clock.pass(from + WINDOW_MS - this.#clock.wall());
    const canary = Math.round((this.requests * state.rolloutPct) / 100);
    this.windows.push({
      from,
      to: from + WINDOW_MS,
      canary: path(canary, this.failing.canary),
      control: path(this.requests - canary, this.failing.control),
      decisions: { [state.epoch]: this.requests },
      instances: 1,
    });
  }

  async read({ since }: { since: number | null }): Promise<EvidenceReading> {
    if (this.dead !== null) {
      return { kind: "missing", reason: "unreachable", detail: this.dead, retryAfterMs: null };
    }
    const windows = this.windows.filter(({ from }) => from >= (since ?? -Infinity));
    return { kind: "windows", windows, newest: this.windows.at(-1)?.to ?? null };
  }

  async close(): Promise<void> {}
}

function path(requests: number, failing: number): EvidenceWindow["canary"] {
  const hits = Math.round(requests * failing);
  const ok = requests - hits;
  const slow = Math.round(ok * 0.04);
  return {
    requests,
    clients: null,
    signals: {
      errors: { trials: requests, hits },
      timeouts: { trials: requests, hits: 0 },
      p95: { buckets: [0, ok - slow, 0, 0, slow, 0] },
    },
  };
}
