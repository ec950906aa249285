import type { Explanation, PageReason } from "@edgezero/progression";
import { z } from "zod";
import type { ClientsView } from "./clients-view.ts";
import { clientsView } from "./clients-view.ts";
import type { LegacyBy } from "./legacy-by.ts";
import { LEGACY_BY_WORDS } from "./legacy-by.ts";
import type { SignalView } from "./signal-view.ts";
import { signalView } from "./signal-view.ts";
import { timelineEntry } from "./timeline.ts";
import type { TimelineEntry } from "./timeline.ts";
import type { Reason, ViewState } from "./words.ts";
import { HELD, REASONS, SHOWN_PAGE_REASONS, STATES } from "./words.ts";

/** A stage of the plan, and how far the rollout is in it. */
export interface RailStage {
  /** From 1. */
  readonly number: number;
  readonly pct: number;
  /** `passed`: below the present one. */
  readonly status: "passed" | "present" | "ahead";
  readonly holdMs: number;
  /** How long the present stage was observed; `null` for other stages. */
  readonly heldMs: number | null;
  /** EdgeZero's requests in the present stage; `null` for other stages. */
  readonly requests: number | null;
  readonly minRequests: number;
  /** `needed`: to leave it. `given`: for this pass through it. A passed stage needs no approval any more. */
  readonly approval: "not-needed" | "needed" | "given";
}

/** An incident that someone is woken up for while it lasts. */
export interface PageView {
  /** The same while the reason lasts. */
  readonly incident: string;
  readonly reason: PageReason | "unavailable";
  /** When it began, in milliseconds of the epoch. */
  readonly since: number;
  /** When it was last paged. */
  readonly at: number;
}

/** A way back to 0, from its begin on. */
export interface RollbackView {
  /** Why, as a sentence. */
  readonly cause: string;
  /** When it began, in milliseconds of the epoch. */
  readonly since: number;
  /** When the store had the 0; `null` before that. */
  readonly writtenAt: number | null;
  /** How often the 0 was asked for; 0 where someone else wrote it, which nobody proves. */
  readonly attempts: number;
}

/** A source of evidence, as its last answer was. */
export interface SourceView {
  readonly name: string;
  /** For people, without credentials. */
  readonly location: string;
  /** The time of its newest sample, in milliseconds of the epoch; `null` before the first. */
  readonly newest: number | null;
  /** Why its last answer gave no windows, or which gateway they are without; `null` where nothing is missing. */
  readonly missing: string | null;
  /** What its windows do not have whole, such as a gateway that does not answer; `null`: nothing is known. */
  readonly note?: string | null | undefined;
}

/** Everything that is shown of one environment's rollout. */
export interface EnvironmentView {
  readonly name: string;
  /** The store that has the percentage, for people, without credentials. `null` where it is not known. */
  readonly store: string | null;
  /** When it was so, in milliseconds of the epoch. */
  readonly at: number;
  /**
   * `unavailable`: the controller cannot run it. `sentence` says why, and nothing else is known.
   * `following`: another controller leads it. `sentence` says which, and nothing else is known here.
   */
  readonly state: ViewState;
  /** The most important reason why it is not further. `null` where nothing keeps it back, or nothing is known. */
  readonly reason: Reason | null;
  /** All that keeps the next stage away, the most important first. */
  readonly reasons: Explanation["reasons"];
  /** All reasons to hold, the most important first. */
  readonly held: Explanation["held"];
  /** From 1; `null` where it is in no stage of the plan. */
  readonly stage: number | null;
  /** The percentage in the store as it was last read, or written since; `null` before that. */
  readonly pct: number | null;
  /**
   * When the store was last read or written, where that is longer ago than three windows and 15 seconds: it may
   * have other values by now. `null` where it was read of late, or never, and absent where the controller is older
   * than this.
   */
  readonly storeUnreadSince?: number | null | undefined;
  /** What in the store sends every client to legacy; `null` where it does not, or was not read since. */
  readonly legacyBy: LegacyBy | null;
  /** The epoch in the store, by which decisions are told apart. */
  readonly epoch: string | null;
  /** EdgeZero's part of the clients, or of the requests, 0 to 1. `null` where it is not known. */
  readonly observedShare: number | null;
  /**
   * How many distinct clients fail now; after a rollback, when that began. `null` where it is not known, and
   * absent where the controller is older than this.
   */
  readonly clients?: ClientsView | null | undefined;
  /** Where it is, and why it is not further. */
  readonly sentence: string;
  readonly waitsFor: string;
  /** How long that takes yet, in milliseconds; `null` where nobody can tell. */
  readonly leftMs: number | null;
  /** The next percentage of the plan; `null` at its end, and after a rollback. */
  readonly next: number | null;
  readonly signals: readonly SignalView[];
  readonly rail: readonly RailStage[];
  /** `null` unless it is on its way back, or was rolled back. */
  readonly rollback: RollbackView | null;
  readonly pages: readonly PageView[];
  readonly sources: readonly SourceView[];
  /** The latest last; at most 200. */
  readonly timeline: readonly TimelineEntry[];
}

const time = z.number().min(0).describe("Milliseconds of the epoch.");
const pct = z.number().min(0).max(100);

const span = z.number().min(0).nullable().describe("In milliseconds; null: nobody can tell.");

const explainedReason: z.ZodType<Explanation["reasons"][number]> = z
  .object({
    reason: z.enum(REASONS),
    sentence: z.string().describe("With the numbers behind it."),
    waitsFor: z.string(),
    leftMs: span,
    since: time.nullable().describe("Since when it holds; null where it does not hold."),
  })
  .meta({ id: "Reason" });

const railStage: z.ZodType<RailStage> = z
  .object({
    number: z.int().min(1),
    pct,
    status: z.enum(["passed", "present", "ahead"]),
    holdMs: z.number().min(0),
    heldMs: z.number().min(0).nullable(),
    requests: z.number().min(0).nullable(),
    minRequests: z.number().min(0),
    approval: z.enum(["not-needed", "needed", "given"]),
  })
  .meta({ id: "RailStage" });

const rollback: z.ZodType<RollbackView> = z
  .object({
    cause: z.string().describe("Why, as a sentence."),
    since: time,
    writtenAt: time.nullable().describe("When the store had the 0; null before that."),
    attempts: z.number().min(0).describe("0: someone else wrote it, and nobody proves it."),
  })
  .meta({ id: "Rollback" });

const page: z.ZodType<PageView> = z
  .object({
    incident: z.string().describe("The same while the reason lasts."),
    reason: z.enum(SHOWN_PAGE_REASONS),
    since: time,
    at: time,
  })
  .meta({ id: "Page" });

const source: z.ZodType<SourceView> = z
  .object({
    name: z.string(),
    location: z.string(),
    newest: time.nullable(),
    missing: z
      .string()
      .nullable()
      .describe("Why its last answer gave no windows, or which gateway they are without."),
    note: z.string().nullable().describe("What its windows do not have whole.").optional(),
  })
  .meta({ id: "Source" });

export const environmentView: z.ZodType<EnvironmentView> = z
  .object({
    name: z.string(),
    store: z
      .string()
      .nullable()
      .describe("The store that has the percentage, without credentials; null: not known."),
    at: time,
    state: z
      .enum(STATES)
      .describe(
        "unavailable: the controller cannot run it. following: another controller leads it. Nothing else is known of either.",
      ),
    reason: z.enum(REASONS).nullable().describe("The most important reason why it is not further."),
    reasons: z
      .array(explainedReason)
      .describe("All that keeps the next stage away, the most important first."),
    held: z.array(z.enum(HELD)).describe("All reasons to hold, the most important first."),
    stage: z.int().min(1).nullable().describe("From 1; null where it is in no stage of the plan."),
    pct: pct.nullable().describe("In the store as last read, or written since; null before that."),
    storeUnreadSince: time
      .nullable()
      .describe("The last read, where it is old: other values may be there; null: it is not.")
      .optional(),
    legacyBy: z
      .enum(LEGACY_BY_WORDS)
      .nullable()
      .describe("What in the store sends every client to legacy, as last read; null: not known."),
    epoch: z.string().nullable(),
    observedShare: z.number().min(0).max(1).nullable().describe("EdgeZero's part, 0 to 1."),
    clients: clientsView
      .nullable()
      .describe("Now, or when a rollback began; null: not known.")
      .optional(),
    sentence: z.string().describe("Where it is, and why it is not further."),
    waitsFor: z.string(),
    leftMs: span,
    next: pct.nullable().describe("The next percentage of the plan."),
    signals: z.array(signalView),
    rail: z.array(railStage),
    rollback: rollback.nullable(),
    pages: z.array(page),
    sources: z.array(source),
    timeline: z.array(timelineEntry).describe("The latest last."),
  })
  .meta({ id: "Environment" });
