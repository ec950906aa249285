import { withDeadline } from "@edgezero/faults/deadline";
import { coordinationOf } from "@edgezero/operations/operation";
import { readingOf } from "@edgezero/operations/reading";
import type { Place, Seen } from "../effects/place.ts";

const LIMIT_MS = 10_000;

/** Reads mark and values, the mark first: a rollback between the two then stops a raise. */
export async function readStore({ store, journal }: Place): Promise<Seen> {
  return withDeadline(LIMIT_MS, async () => {
    const mark = await coordinationOf(store, journal).mark.read();
    return { mark, reading: await readingOf(await store.read()) };
  });
}
