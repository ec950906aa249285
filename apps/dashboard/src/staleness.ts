import type { Link } from "./connection/link.ts";

/** A controller that is connected, and has shown no view for so long, is not looking any more. */
const QUIET_MS = 90_000;

/** Why what is shown may be old, and since when; `null` while it is live. Pure. */
export function staleness(
  link: Link,
  receivedAt: number | null,
  now: number,
): { readonly since: number; readonly why: string } | null {
  if (receivedAt === null) return null;
  if (link.kind === "lost") return { since: link.since, why: link.why };
  if (now - receivedAt > QUIET_MS) {
    return { since: receivedAt, why: "The controller is connected, but has told nothing new." };
  }
  return null;
}
