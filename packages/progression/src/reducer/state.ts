import type { RolloutPlan, RolloutSignal } from "../plan/rollout-plan.ts";
import type { Evidence, Signal } from "../statistics/index.ts";
import type { Advisory } from "./advisory.ts";
import type { PageReason } from "./effect.ts";
import type { Phase } from "./phase.ts";

/** A write of a higher percentage that was asked for. */
export interface Raise {
  readonly id: string;
  /** The index of the stage. */
  readonly stage: number;
  readonly from: number;
  readonly pct: number;
  /** When it was asked for, or found to have failed. */
  readonly at: number;
  /** Whether it was answered by "not written", or not answered in time. It may be asked for again. */
  readonly failed: boolean;
}

/** What is known of a source of evidence. */
export interface SourceState {
  /** The end of its newest window. */
  readonly to: number;
  /** The time of its newest sample, as it last said; 0 before that. */
  readonly newest: number;
  /** When it was last asked. */
  readonly askedAt: number;
  /** For how long it was asked without fresh data, in milliseconds. */
  readonly blindMs: number;
}

/** What a signal is, and how it is judged. */
export interface WatchedSignal extends RolloutSignal {
  readonly source: string;
  readonly signal: Signal;
}

/** What of the site a plan needs to know. */
export interface Site {
  /**
   * The source of signals that name no source, and of the traffic. Where several sources count the
   * traffic, it names all of them together, and `mergeWindows` makes their windows one.
   */
  readonly source: string;
  /** Upper bounds of the latency's buckets in milliseconds, as the source counts them. */
  readonly bounds: readonly number[];
  /** How late each source's newest sample is by its nature, in milliseconds. Default 0. */
  readonly delayMs: Readonly<Record<string, number>>;
  /** The store's own figure; `null` where it states none. */
  readonly propagationMs: number | null;
  /** Whether signed probes can be sent. */
  readonly probes: boolean;
}

export type Rules = Omit<RolloutPlan, "signals" | "propagationMs"> & {
  readonly signals: readonly WatchedSignal[];
  readonly propagationMs: number;
  readonly source: string;
  readonly delayMs: Readonly<Record<string, number>>;
  readonly probes: boolean;
};

/** A rollout: plain JSON of bounded size. Store it, and go on with it in another process. */
export interface RolloutState {
  readonly version: 1;
  readonly rules: Rules;
  /** The latest time of any event, in milliseconds of the epoch. It never runs backwards. */
  readonly now: number;
  readonly phase: Phase;
  /** What the store was last read to have. */
  readonly store: {
    readonly pct: number;
    readonly epoch: string | null;
    readonly at: number;
  } | null;
  readonly raise: Raise | null;
  readonly evidence: Readonly<Record<string, Evidence>>;
  /** What legacy did, by signal. It decides nothing. */
  readonly advisory: Readonly<Record<string, Advisory>>;
  readonly sources: Readonly<Record<string, SourceState>>;
  /** Windows of legacy's that were learned from while nothing was exposed. */
  readonly baseline: number;
  /** Gateways that answered the last probes. */
  readonly answering: number | null;
  /** When each reason that is there now was last paged. */
  readonly paged: Readonly<
    Partial<Record<PageReason, { readonly since: number; readonly at: number }>>
  >;
  /** Counts the writes and the passes of this rollout: their names are never used twice. */
  readonly writes: number;
  readonly passes: number;
}
