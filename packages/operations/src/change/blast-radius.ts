import { shareText } from "../reading.ts";

/**
 * Who moves when the percentage goes from one to another: `10% → 50%: about 4 in 10 clients move to
 * EdgeZero; nobody moves back`. Exact in buckets, since each is on EdgeZero from one percentage on.
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
