import { commandAnswer } from "@edgezero/control-api/command";
import { PAGE_REASONS } from "@edgezero/control-api/words";
import type { RolloutState, Signal } from "@edgezero/progression";
import { startEvidence } from "@edgezero/progression";
import { z } from "zod";
import { savedPhase } from "./saved-phase.ts";
import type { SavedRollout } from "./saved-rollout.ts";
import { savedRules } from "./saved-rules.ts";

const time = z.number().min(0);
const count = z.number().min(0);
const pct = z.int().min(0).max(100);

const counted = z.union([
  z.object({ buckets: z.array(count) }),
  z.object({ trials: count, hits: count }),
]);

const advisory = z.object({
  earlier: counted.nullable(),
  hour: z.object({ number: z.int(), counts: counted }).nullable(),
  hours: z.array(z.tuple([z.number(), z.number(), z.number()])),
});

/** Each signal has a record of the form that its statistics begin with. */
function hasEvidence({ rules, evidence }: Pick<RolloutState, "rules" | "evidence">): boolean {
  return rules.signals.every(({ name, signal }) => {
    const blank = blankEvidence(signal);
    return Object.hasOwn(evidence, name) && blank !== null && isAlike(blank, evidence[name]);
  });
}

function blankEvidence(signal: Signal): unknown {
  try {
    return startEvidence(signal);
  } catch {
    return null;
  }
}

/** Whether a value has all parts of a model, each of its type. A part that is `null` in one may be a text. */
function isAlike(model: unknown, value: unknown): boolean {
  if (model === null) return value === null || typeof value === "string";
  if (typeof model === "number") return Number.isFinite(value);
  if (typeof model !== "object") return typeof value === typeof model;
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(model) && (!Array.isArray(value) || value.length !== model.length))
    return false;
  return Object.entries(model).every(([key, part]) =>
    isAlike(part, (value as Readonly<Record<string, unknown>>)[key]),
  );
}

const rollout = z
  .object({
    version: z.literal(1),
    rules: savedRules,
    now: time,
    phase: savedPhase,
    store: z.object({ pct, epoch: z.string().nullable(), at: time }).nullable(),
    raise: z
      .object({ id: z.string(), stage: z.int(), from: pct, pct, at: time, failed: z.boolean() })
      .nullable(),
    evidence: z.record(z.string(), z.unknown()),
    advisory: z.record(z.string(), advisory),
    sources: z.record(
      z.string(),
      z.object({ to: time, newest: time, askedAt: time, blindMs: time }),
    ),
    baseline: count,
    answering: count.nullable(),
    paged: z.partialRecord(z.enum(PAGE_REASONS), z.object({ since: time, at: time })),
    writes: count,
    passes: count,
  })
  .refine((found) => hasEvidence(found as Pick<RolloutState, "rules" | "evidence">), {
    path: ["evidence"],
    message: "is not the record of the plan's signals",
  });

/** All that a state file must have. What it has beside that is of no use, and of no harm. */
export const savedSchema: z.ZodType = z.object({
  version: z.number(),
  environment: z.string(),
  store: z.string(),
  rollout,
  answers: z.array(commandAnswer),
  // Nothing is decided by it: what of it cannot be read is left out.
  timeline: z.array(z.unknown()),
  mark: z.string().nullable(),
} satisfies Record<keyof SavedRollout, z.ZodType>);
