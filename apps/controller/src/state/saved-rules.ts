import type { RolloutState, Signal } from "@edgezero/progression";
import { z } from "zod";

type Rules = RolloutState["rules"];

const ms = z.number().min(0);
const fraction = z.number().min(0).max(1);
const counter = z.object({ metric: z.string(), match: z.record(z.string(), z.string()) });
const margin: z.ZodType<Signal["margin"]> = z.union([
  z.object({ abs: z.number() }),
  z.object({ rel: z.number() }),
  z.object({ ratio: z.number() }),
]);

const options = {
  id: z.string(),
  margin,
  alpha: fraction,
  gamma: fraction.exactOptional(),
  beta: fraction.exactOptional(),
  minTrials: z.number().exactOptional(),
  minHits: z.number().exactOptional(),
  ceiling: z.number().exactOptional(),
};

const judged: z.ZodType<Signal> = z.discriminatedUnion("kind", [
  z.object({ ...options, kind: z.literal("rate"), worse: z.enum(["up", "down", "both"]) }),
  z.object({
    ...options,
    kind: z.literal("quantile"),
    worse: z.literal("up"),
    quantile: fraction.exactOptional(),
    bounds: z.array(z.number()).min(1),
  }),
]);

const signal: z.ZodType<Rules["signals"][number]> = z.object({
  name: z.string(),
  kind: z.enum(["rate", "quantile"]),
  of: z.union([
    z.enum(["failures", "timeouts", "latency"]),
    z.object({ hits: counter, trials: counter }),
  ]),
  margin,
  worse: z.enum(["up", "down", "both"]),
  ceiling: z.number().nullable(),
  quantile: fraction.nullable(),
  breach: z.enum(["rollback", "hold"]),
  rollbackAfterMs: ms.nullable(),
  required: z.boolean(),
  weight: z.number(),
  minTrials: z.number().nullable(),
  minHits: z.number().nullable(),
  source: z.string(),
  signal: judged,
});

/** The plan that a rollout goes by, as it is saved. */
export const savedRules: z.ZodType<Rules> = z.object({
  stages: z
    .array(
      z.object({
        pct: z.int().min(1).max(100),
        holdMs: ms,
        minRequests: z.number().min(0),
        approval: z.boolean(),
      }),
    )
    .min(1),
  advance: z.enum(["no-breach", "proven"]),
  signals: z.array(signal),
  falseRollback: fraction,
  freeze: z.array(z.object({ from: z.number(), to: z.number(), zone: z.string() })),
  noData: z.object({
    graceMs: ms,
    pageMs: ms,
    repeatMs: ms,
    rollbackAfterMs: ms.nullable(),
  }),
  propagationMs: ms,
  windowMs: z.number().min(1),
  drainMs: ms,
  source: z.string(),
  delayMs: z.record(z.string(), ms),
  probes: z.boolean(),
});
