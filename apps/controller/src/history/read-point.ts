import { REASONS, STATES } from "@edgezero/control-api/words";
import { z } from "zod";
import type { HistoryPoint } from "./thin.ts";

const point = z.object({
  at: z.number(),
  pct: z.number().nullable(),
  share: z.number().nullable(),
  state: z.enum(STATES),
  reason: z.enum(REASONS).nullable(),
  signals: z.record(z.string(), z.number().nullable()),
});

/** A point as a line of a file has it; `null` where it is none, as a line that a crash has cut. */
export function readPoint(line: string): HistoryPoint | null {
  try {
    return point.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
