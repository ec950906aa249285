import type { Reading } from "../reading.ts";
import { shareText } from "../reading.ts";

/**
 * The clients that a change of the percentage moves, for people: `10% → 50%: about 4 in 10 clients
 * move to EdgeZero; nobody moves back`. Exact in buckets: each is on EdgeZero from one percentage on.
 */
export function blastRadius(fromPct: number, toPct: number): string {
  const change = `${fromPct}% → ${toPct}%`;
  if (fromPct === toPct) return `${change}: nobody moves`;
  const moved = Math.abs(toPct - fromPct);
  const who = moved === 100 ? "every client moves" : `about ${shareText(moved)} clients move`;
  return toPct > fromPct
    ? `${change}: ${who} to EdgeZero; nobody moves back`
    : `${change}: ${who} back to legacy; nobody moves to EdgeZero`;
}

/** The same for a change of the stored percentage, which counts only while the switch is on. */
export function storedBlastRadius({ state }: Reading, fromPct: number, toPct: number): string {
  return state.enabled
    ? blastRadius(fromPct, toPct)
    : `${fromPct}% → ${toPct}%: nobody moves until \`enable\`, since the switch is off`;
}
