import { z } from "zod";

/** Someone whom a controller tells of incidents. */
export interface ReceiverView {
  readonly name: string;
  readonly format: "cloudevents" | "slack";
  /** Scheme, host and port of its URL. */
  readonly origin: string;
  /** Messages that it did not take yet, and that are sent again. */
  readonly waiting: number;
  /** Messages that it took, and attempts that failed, since the process began. */
  readonly delivered: number;
  readonly failed: number;
  /** Why the last attempt of a message that waits has failed; `null` where none has. */
  readonly why: string | null;
}

/** A message that its receiver did not get, for the reason in `why`, and that is not sent any more. */
export interface DeadMessageView {
  readonly id: string;
  readonly receiver: string;
  readonly incident: string;
  readonly what: "opened" | "repeated" | "resolved";
  /** When it was made, and when it was given up, in milliseconds of the epoch. */
  readonly at: number;
  readonly diedAt: number;
  readonly attempts: number;
  readonly why: string;
}

/** Whom a controller tells of an environment's incidents, and what became of it. */
export interface Notifications {
  readonly receivers: readonly ReceiverView[];
  /** Incidents that last, and that were told or are about to be. */
  readonly open: readonly {
    readonly incident: string;
    readonly kind: string;
    readonly since: number;
  }[];
  /** The latest last; at most 50. */
  readonly dead: readonly DeadMessageView[];
}

export const NO_NOTIFICATIONS: Notifications = { receivers: [], open: [], dead: [] };

const count = z.number().min(0);
const time = count.describe("Milliseconds of the epoch.");

const receiver: z.ZodType<ReceiverView> = z
  .object({
    name: z.string(),
    format: z.enum(["cloudevents", "slack"]),
    origin: z.string().describe("Scheme, host and port: the rest of a URL may be a secret."),
    waiting: count.describe("Messages that are sent again."),
    delivered: count.describe("Since the process began."),
    failed: count.describe("Attempts that failed since the process began."),
    why: z.string().nullable().describe("Why the last attempt of a message that waits failed."),
  })
  .meta({ id: "Receiver" });

const dead: z.ZodType<DeadMessageView> = z
  .object({
    id: z.string(),
    receiver: z.string(),
    incident: z.string(),
    what: z.enum(["opened", "repeated", "resolved"]),
    at: time,
    diedAt: time,
    attempts: count,
    why: z.string(),
  })
  .meta({ id: "DeadMessage" });

export const notifications: z.ZodType<Notifications> = z
  .object({
    receivers: z.array(receiver),
    open: z.array(z.object({ incident: z.string(), kind: z.string(), since: time })),
    dead: z.array(dead).describe("Messages that are given up; the latest last."),
  })
  .meta({ id: "Notifications" });
