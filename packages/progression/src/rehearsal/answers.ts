import type { Effect, RolloutEvent } from "../reducer/index.ts";

/** The percentage that an effect writes; `null` where it writes nothing. */
export function writtenBy(effect: Effect): number | null {
  if (effect.type === "raise") return effect.pct;
  return effect.type === "write-zero" ? 0 : null;
}

/**
 * The event that answers an effect.
 *
 * @param done Whether it was written or proven.
 * @returns `null` where the effect asks for nothing that is answered.
 */
export function answerTo(
  effect: Effect,
  at: number,
  done: boolean,
  epoch: string,
): RolloutEvent | null {
  if (effect.type === "prove-zero") return { type: "proved", at, id: effect.id, proven: done };
  if (effect.type === "raise") return { type: "raised", at, id: effect.id, written: done, epoch };
  if (effect.type !== "write-zero") return null;
  return { type: "zeroed", at, id: effect.id, written: done, epoch };
}
