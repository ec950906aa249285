import type { EvidenceWindow } from "@edgezero/progression";
import type { Pages } from "./windows-of.ts";

/**
 * EdgeZero's percentage in each window; `null` where gateways have had several, or do not say.
 * The pages are those that the windows were made of.
 */
export function percentagesOf(
  pages: Pages,
  windows: readonly EvidenceWindow[],
): readonly (number | null)[] {
  return windows.map(({ from, to }) => {
    const seen = new Set<number | null>();
    for (const known of pages.values()) {
      const within = known.filter(({ at }) => at >= from && at < to);
      if (within.length === 0) continue;
      const after = known.find(({ at }) => at >= to);
      const all = after === undefined ? within : [...within, after];
      for (const { gauges } of all) seen.add(gauges.pct);
    }
    const [pct = null] = seen;
    return seen.size === 1 ? pct : null;
  });
}
