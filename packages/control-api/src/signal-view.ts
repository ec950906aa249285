import type { ExplainedSignal } from "./explained.ts";
import { z } from "zod";

/** A signal, all that it reads, and every number that its verdict came from. */
export type SignalView = Omit<ExplainedSignal, "reading" | "signal" | "evidence"> &
  ExplainedSignal["reading"] & {
    /** The declaration and the record that `readSignal` of the progression makes the reading from. */
    readonly basis: Pick<ExplainedSignal, "signal" | "evidence">;
  };

const number = z.number().nullable();
const bar = z.number().min(0).max(1);
const count = z.number().min(0);
const time = count.describe("Milliseconds of the epoch.");

const compared: z.ZodType<ExplainedSignal["bars"]["worse"]> = z
  .object({ value: z.number(), needed: z.number() })
  .describe("Reached where `value` is at least `needed`.");

const bars: z.ZodType<ExplainedSignal["bars"]> = z
  .object({
    worse: compared,
    beyond: compared,
    hits: compared,
    trials: compared,
    healthy: z.object({ up: compared.exactOptional(), down: compared.exactOptional() }),
    ratios: z.array(z.object({ ratio: z.number(), weight: z.number() })),
  })
  .describe("The numbers that the verdict is a comparison of.");

const valueBefore = { value: z.number(), trials: count };

const advisory: z.ZodType<ExplainedSignal["advisory"]> = z
  .object({
    earlier: z.object(valueBefore).nullable().describe("Beside earlier stages of this rollout."),
    sameHour: z
      .object({ ...valueBefore, days: z.int().min(1) })
      .nullable()
      .describe("At this hour of the days before."),
    sentence: z.string(),
  })
  .nullable()
  .describe("What legacy did before, where no legacy is left. It decides nothing.");

export const signalView: z.ZodType<SignalView> = z
  .object({
    name: z.string(),
    source: z.string().describe("The source of evidence that gives it."),
    required: z.boolean().describe("Whether the plan advances only with evidence of it."),
    decides: z.boolean().describe("Whether it can decide anything now."),
    breach: z.enum(["rollback", "hold"]).describe("What the plan does when it reads worse."),
    sentence: z.string(),
    learning: z
      .string()
      .nullable()
      .describe("Why evidence counts for less, since too little of legacy is known."),
    bars,
    heldSince: time.nullable().describe("When it began to hold, in milliseconds of the epoch."),
    seenTo: time
      .nullable()
      .describe("The end of the newest window of this stage that gave it, in milliseconds."),
    advisory,
    verdict: z.enum(["worse", "undecided", "not-worse", "insufficient"]),
    direction: z.enum(["up", "down"]).nullable(),
    estimate: number.describe(
      "Since the stage began: EdgeZero less legacy for a margin in points, otherwise EdgeZero divided by legacy; without legacy EdgeZero's own value.",
    ),
    lower: number,
    upper: number.describe("null: no bound."),
    margin: z.object({ up: number, down: number }).describe("On the estimate's scale."),
    recent: number.describe("As the estimate, over about the last five windows."),
    evidence: bar.describe("The lesser of the two bars: 1 is enough to roll back."),
    evidenceWorse: bar,
    evidenceBeyond: bar,
    trials: count.describe("EdgeZero's in this stage."),
    needed: number.describe(
      "Trials within which a fault of twice the margin shows in 9 of 10 cases.",
    ),
    canary: number.describe("EdgeZero's rate or quantile in this stage."),
    control: number.describe("Legacy's."),
    designEffect: z.number(),
    rejected: count.describe("Windows that could not be."),
    basis: z
      .object({
        signal: z.custom<ExplainedSignal["signal"]>(isRecord).meta({ type: "object" }),
        evidence: z.custom<ExplainedSignal["evidence"]>(isRecord).meta({ type: "object" }),
      })
      .describe("What the reading was made from, for a program that makes it again."),
  })
  .meta({ id: "Signal" });

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
