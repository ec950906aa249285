import { z } from "zod";
import type { KnownIncidents } from "./follow.ts";
import { NO_INCIDENTS } from "./follow.ts";
import type { Outbox } from "./outbox.ts";
import { EMPTY_OUTBOX } from "./outbox.ts";

/** What outlives the process: who was told of what, and what is still to be told. */
export interface SavedNotify {
  readonly version: 1;
  readonly known: KnownIncidents;
  readonly outbox: Outbox;
}

const count = z.number().min(0);
const open = z.object({
  key: z.string(),
  id: z.string(),
  kind: z.string(),
  since: count,
  pagedAt: count,
  about: z.string().nullable(),
});
const message = {
  id: z.string(),
  receiver: z.string(),
  incident: z.string(),
  what: z.enum(["opened", "repeated", "resolved"]),
  at: count,
  attempts: count,
};
const saved = z.object({
  version: z.literal(1),
  known: z.object({ open: z.array(open), ended: z.array(z.string()) }),
  outbox: z.object({
    waiting: z.array(
      z.object({ ...message, nextAt: count, body: z.string(), why: z.string().nullable() }),
    ),
    dead: z.array(z.object({ ...message, diedAt: count, why: z.string() })),
  }),
});

export const NOTHING_SAVED: SavedNotify = {
  version: 1,
  known: NO_INCIDENTS,
  outbox: EMPTY_OUTBOX,
};

/** Reads what was saved; `null` where it is not that: someone is rather told twice than never. */
export function parseNotify(text: string): SavedNotify | null {
  try {
    return (saved.safeParse(JSON.parse(text)).data as SavedNotify | undefined) ?? null;
  } catch {
    return null;
  }
}
