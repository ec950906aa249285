import type { Phase } from "@edgezero/progression";
import { HELD } from "@edgezero/control-api/words";
import { z } from "zod";

type Pass = Extract<Phase, { readonly pass: unknown }>["pass"];
type Rollback = Extract<Phase, { readonly rollback: unknown }>["rollback"];

const time = z.number().min(0);
const count = z.number().min(0);
const pct = z.int().min(0).max(100);
const carried = z.object({ all: count, carrying: count });
const epoch = z.string().nullable();

const pass: z.ZodType<Pass> = z.object({
  stage: z.int().min(-1),
  number: z.int().min(0),
  pct,
  before: pct.nullable(),
  epoch,
  writtenAt: time,
  arrivedAt: time.nullable(),
  carried,
  clockMs: time,
  approved: z.boolean(),
  requests: count,
  windows: count,
  share: z.number().nullable(),
  conditions: z.partialRecord(z.enum(HELD), z.object({ since: time, good: count })),
  breaches: z.record(z.string(), z.object({ since: time, quarter: time })),
  seen: z.record(z.string(), time),
  instances: count.nullable(),
  over: count,
  clients: z.array(z.object({ to: time, all: count, failing: count })),
});

const cause: z.ZodType<Rollback["cause"]> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("operator"), by: z.string() }),
  z.object({ kind: z.literal("worse"), signal: z.string() }),
  z.object({ kind: z.literal("lasted"), signal: z.string() }),
  z.object({ kind: z.literal("no-data") }),
  z.object({ kind: z.literal("outside") }),
]);

const rollback: z.ZodType<Rollback> = z.object({
  cause,
  since: time,
  id: z.string(),
  attempts: count,
  askedAt: time,
  writtenAt: time.nullable(),
  failed: z.boolean(),
  epoch,
  carried,
  proofAskedAt: time.nullable(),
  dropped: z.object({ id: z.string(), pct, until: time, answeredAt: time.nullable() }).nullable(),
});

/** Where a rollout is, as it is saved. */
export const savedPhase: z.ZodType<Phase> = z.union([
  z.object({ name: z.enum(["idle", "warming-up"]) }),
  z.object({
    name: z.enum(["propagating", "observing", "awaiting-approval", "paused", "completed"]),
    pass,
  }),
  z.object({ name: z.literal("held"), reason: z.enum(HELD), pass }),
  z.object({ name: z.enum(["rolling-back", "rolled-back", "rollback-unverified"]), rollback }),
]) as z.ZodType<Phase>;
