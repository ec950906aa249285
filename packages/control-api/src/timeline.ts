import type { CommandName, PageReason, PhaseName } from "@edgezero/progression";
import { z } from "zod";
import type { Held } from "./words.ts";
import { COMMANDS, HELD, PAGE_REASONS, PHASES } from "./words.ts";

/** What happened, as data. Pictures and programs go by it, and never by the sentence. */
export type Happening =
  /**
   * It went from a state to another one, `held` for a reason or not; `outside`: since someone else wrote to
   * the store. `to` is `null` where its state stayed.
   */
  | {
      readonly kind: "moved" | "outside";
      readonly from: PhaseName | null;
      readonly to: PhaseName | null;
      readonly held: Held | null;
    }
  /** An operator's command, taken or refused. */
  | { readonly kind: "command"; readonly command: CommandName; readonly accepted: boolean }
  /** A write to the store. `written` is `null` where nobody knows whether it took. */
  | { readonly kind: "change"; readonly pct: number; readonly written: boolean | null }
  /** The end of a try to prove a rollback. */
  | { readonly kind: "proof"; readonly proven: boolean }
  /** Someone was woken up. */
  | { readonly kind: "page"; readonly incident: PageReason };

export type TimelineKind = Happening["kind"];

/** Something that happened to a rollout. */
export type TimelineEntry = Happening & {
  /** In milliseconds of the epoch. */
  readonly at: number;
  /** The same for people. */
  readonly sentence: string;
  /** Who did it; `null`: the controller. */
  readonly who: string | null;
  /** Why, in the words of who did it. */
  readonly reason: string | null;
  /** What decided it, with the values; absent where no evidence did, and in entries of older controllers. */
  readonly evidence?: string | undefined;
};

/** How many entries a view has at most. */
export const MOST_TIMELINE_ENTRIES = 200;

const common = {
  at: z.number().min(0).describe("Milliseconds of the epoch."),
  sentence: z.string(),
  who: z.string().nullable().describe("null: the controller."),
  reason: z.string().nullable(),
  evidence: z
    .string()
    .optional()
    .describe("What decided it, with the values; absent: no evidence did."),
};

const state = z.enum(PHASES).nullable();

export const timelineEntry: z.ZodType<TimelineEntry> = z
  .discriminatedUnion("kind", [
    z
      .object({
        ...common,
        kind: z.enum(["moved", "outside"]),
        from: state,
        to: state,
        held: z.enum(HELD).nullable(),
      })
      .describe("Another state; outside: since someone else wrote to the store."),
    z
      .object({
        ...common,
        kind: z.literal("command"),
        command: z.enum(COMMANDS),
        accepted: z.boolean(),
      })
      .describe("An operator's command, taken or refused."),
    z
      .object({
        ...common,
        kind: z.literal("change"),
        pct: z.number().min(0).max(100),
        written: z.boolean().nullable().describe("null: nobody knows whether it took."),
      })
      .describe("A write to the store."),
    z
      .object({ ...common, kind: z.literal("proof"), proven: z.boolean() })
      .describe("The end of a try to prove a rollback."),
    z
      .object({ ...common, kind: z.literal("page"), incident: z.enum(PAGE_REASONS) })
      .describe("Someone was woken up."),
  ])
  .meta({ id: "TimelineEntry" });
