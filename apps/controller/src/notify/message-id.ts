import { createHash } from "node:crypto";
import type { Happening } from "./follow.ts";

/** Where a message comes from and goes to. */
export interface MessageRoute {
  /** The store, without credentials: environments of two sites may have one name. */
  readonly location: string;
  readonly environment: string;
  readonly receiver: string;
}

/** The same for the same happening, also in another process: a receiver takes it once. */
export function messageId(
  { location, environment, receiver }: MessageRoute,
  { what, incident }: Happening,
): string {
  const parts = [location, environment, receiver, incident.id, what];
  const text = JSON.stringify(what === "repeated" ? [...parts, incident.pagedAt] : parts);
  return `msg_${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
}
