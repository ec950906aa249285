import type { EnvironmentView, RailStage } from "@edgezero/control-api/environment-view";

/**
 * How long the next stage is away at the least, in milliseconds; `null` where nobody can tell. All that the
 * page says of it comes from here, so that it says one number. `now`: milliseconds of the epoch. Pure.
 */
export function leftMs(
  { reasons, at }: Pick<EnvironmentView, "reasons" | "at">,
  now: number,
): number | null {
  const timed = reasons
    .filter(({ reason }) => reason !== "approval")
    .map(({ leftMs: left }) => left);
  const known = timed.flatMap((left) => left ?? []);
  if (known.length === 0 || known.length < timed.length) return null;
  return Math.max(0, Math.max(...known) - Math.max(0, now - at));
}

/**
 * How much of its time the present stage has had, in milliseconds. It goes on between two views only while
 * nothing but that time is waited for. Pure.
 */
export function stayedMs(
  { holdMs, heldMs }: RailStage,
  view: Pick<EnvironmentView, "reason" | "reasons" | "at">,
  now: number,
): number {
  const left = view.reason === "hold" ? leftMs(view, now) : null;
  return Math.min(holdMs, left === null ? (heldMs ?? 0) : holdMs - left);
}
