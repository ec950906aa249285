import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { History } from "@edgezero/control-api/history";

/**
 * When the present stay at a percentage began, as far back as the history goes. After a rollback it is the
 * stay before, whose signals are still shown. Pure.
 */
export function stageBegin(history: History, view: Pick<EnvironmentView, "pct" | "at">): number {
  const { at, pct } = history;
  const present = view.pct === 0 ? (lastExposedPct(history) ?? 0) : view.pct;
  const last = pct.findLastIndex((each) => each === present);
  const before = pct
    .slice(0, Math.max(0, last))
    .findLastIndex((each) => each !== null && each !== present);
  return at[before + 1] ?? view.at;
}

/** The percentage that was in force last, other than 0; `null` where there was none. Pure. */
export function lastExposedPct({ pct }: History): number | null {
  return pct.findLast((each) => each !== null && each > 0) ?? null;
}
