import type { Refused } from "./unavailable.ts";

/** A shared lease is looked at so often: another controller must lead within 15 s, and begins within some. */
const SHARED_MS = 1000;
/** A lease in a file is as good as its process, and is looked at without hurry. */
const FILE_MS = 5000;
const FIRST_MS = 5000;
const LONGEST_MS = 5 * 60_000;

/**
 * How long to wait before an environment is tried again, in milliseconds; `null` where only another config
 * helps. Pure.
 *
 * @param attempt From 0.
 */
export function pauseBefore(
  { elsewhere, isFinal = false }: Pick<Refused, "elsewhere" | "isFinal">,
  attempt: number,
): number | null {
  if (isFinal) return null;
  if (elsewhere !== undefined) return elsewhere.isShared ? SHARED_MS : FILE_MS;
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
}
