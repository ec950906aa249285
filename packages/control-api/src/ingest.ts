import { z } from "zod";

/** Why posted events were not taken. */
export type IngestRefusal = "no-source" | "not-understood" | "too-large" | "busy";

/** What became of posted events. */
export type IngestAnswer =
  | {
      readonly kind: "taken";
      /** Events that count. */
      readonly events: number;
      /** Events that were there before, by their id. */
      readonly repeated: number;
      /** Events that came too late for their window. */
      readonly late: number;
      /** Events of a time that is yet to come: their clock is ahead. */
      readonly early: number;
      /** Lines that are no event, or have no id. */
      readonly unreadable: number;
    }
  | { readonly kind: "refused"; readonly reason: IngestRefusal; readonly sentence: string };

const count = z.int().min(0);

export const ingestTaken: z.ZodType<Extract<IngestAnswer, { kind: "taken" }>> = z
  .object({
    kind: z.literal("taken"),
    events: count.describe("Events that count."),
    repeated: count.describe("Events that were there before, by their id."),
    late: count.describe("Events that came too late for their window."),
    early: count.describe("Events of a time that is yet to come: their clock is ahead."),
    unreadable: count.describe("Lines that are no event, or have no id."),
  })
  .meta({ id: "IngestTaken" });

export const ingestRefused: z.ZodType<Extract<IngestAnswer, { kind: "refused" }>> = z
  .object({
    kind: z.literal("refused"),
    reason: z.enum(["no-source", "not-understood", "too-large", "busy"]),
    sentence: z.string(),
  })
  .meta({ id: "IngestRefused" });
