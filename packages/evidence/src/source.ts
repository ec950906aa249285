import type { EvidenceWindow, RolloutPlan } from "@edgezero/progression";

type RolloutSignal = RolloutPlan["signals"][number];

/** The part of a plan's signal that says what to count. */
export type CountedSignal = Pick<RolloutSignal, "name" | "of">;

/** Raw counters that carry the label `path`. */
export type CounterSelector = Extract<RolloutSignal["of"], { readonly hits: unknown }>["hits"];

/**
 * Why a source gave no windows.
 *
 * - `unreachable`: no connection, or one that broke off
 * - `timed-out`: no whole answer in time
 * - `refused`: an answer whose status is not 200, such as that to an expired token
 * - `rate-limited`: the status 429
 * - `not-understood`: an answer that is not what the source expects
 * - `too-large`: an answer of more bytes than are read
 * - `no-data`: an answer in order that has no count of a gateway
 */
export type MissingReason =
  | "unreachable"
  | "timed-out"
  | "refused"
  | "rate-limited"
  | "not-understood"
  | "too-large"
  | "no-data";

/** A source gave no windows, and why. Says nothing of either path. */
export interface Missing {
  readonly kind: "missing";
  readonly reason: MissingReason;
  /** One line for people, without secrets. */
  readonly detail: string;
  /** How long to wait before the next question; `null` where the answer does not say. */
  readonly retryAfterMs: number | null;
}

export type EvidenceReading =
  | {
      readonly kind: "windows";
      /** Oldest first, all of one length. Empty where no further window is whole yet. */
      readonly windows: readonly EvidenceWindow[];
      /**
       * When the newest sample was taken, in milliseconds of the epoch. Of several gateways that are named,
       * that of the one which is behind all others: what one of them does not say is missing.
       */
      readonly newest: number | null;
      /** What the windows are without, one line for people, without secrets. Absent where nothing is known to be. */
      readonly lacking?: string;
      /** EdgeZero's percentage in each window, where the source knows it; `null` where it had several. */
      readonly percentages?: readonly (number | null)[];
    }
  | Missing;

/** A question to a source. */
export interface EvidenceRequest {
  /** Milliseconds of the epoch, by the clock of the one who asks. */
  readonly now: number;
  /** The end of the newest window that the reducer has from the source; `null` where it has none. */
  readonly since: number | null;
  /** Ends the question early: the reading is then `timed-out`. */
  readonly signal: AbortSignal;
}

/** Counts the requests of both paths. */
export interface EvidenceSource {
  /** The name by which a plan's signals choose it. */
  readonly name: SourceName;
  /** Where it reads, for people, without credentials. */
  readonly location: string;
  /**
   * What its last windows do not have whole, in a line for people; `null`: nothing is known to lack. A source
   * without it knows of nothing that could.
   */
  note?(): string | null;
  /**
   * Gives the windows from `since` on that are whole. A window may be given again where `since` does
   * not say that it is known. Never rejects. One question at a time.
   */
  read(request: EvidenceRequest): Promise<EvidenceReading>;
  close(): Promise<void>;
}

export const SOURCE_NAMES = ["scrape", "prometheus", "events", "analytics-engine"] as const;

export type SourceName = (typeof SOURCE_NAMES)[number];

/** Settings of every source. */
export interface SourceOptions {
  /** The length of a window in milliseconds. Windows begin at its multiples. */
  readonly windowMs: number;
  /** Signals of the plan that this source is to count. */
  readonly signals: readonly CountedSignal[];
  /** Upper bounds of the latency's buckets in milliseconds, ascending. */
  readonly bounds: readonly number[];
  /** Where secrets are looked up by name. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Says that two clocks differ: windows of one and samples of the other would not fit. */
export function clocksApart(seconds: number): string {
  return `the server's clock is ${seconds} s off this one's; set both by a time server`;
}

/** Shortens the code of the many places that give no windows. */
export function missing(
  reason: MissingReason,
  detail: string,
  retryAfterMs: number | null = null,
): Missing {
  return { kind: "missing", reason, detail, retryAfterMs };
}
