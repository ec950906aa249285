import type { Entry } from "@edgezero/operations/journal/entry";
import { entryRows } from "@edgezero/operations/journal/entry-rows";
import { aligned } from "../../output/aligned.ts";
import type { Paint } from "../../output/paint.ts";

/** The last `limit` rows of the journal as a table; 0 is all of them. */
export function entryTable(entries: readonly Entry[], limit: number, paint: Paint): string {
  const rows = entryRows(entries, limit);
  if (rows.length === 0) return "no entries";
  const tones = { ...paint, plain: (text: string) => text };
  const header = ["entries", "at", "who", "result", "what"].map(paint.faint);
  const cells = rows.map(({ numbers, at, who, tone, result, what }) => {
    return [paint.faint(numbers), at, who, tones[tone](result), what];
  });
  return aligned([header, ...cells]);
}
