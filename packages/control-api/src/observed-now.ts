import type { ClientsView } from "./clients-view.ts";
import type { EnvironmentView } from "./environment-view.ts";

type Observed = Pick<EnvironmentView, "observedShare" | "held" | "sources">;

/** EdgeZero's part of the traffic as it is seen now, 0 to 1. `null` where it is not known. Pure. */
export function observedNow(view: Observed): number | null {
  return isObserved(view) ? view.observedShare : null;
}

/** Clients as they are counted now, or were when a rollback began. `null` where that is not known. Pure. */
export function clientsSeen(
  view: Omit<Observed, "observedShare"> & Pick<EnvironmentView, "clients" | "rollback">,
): ClientsView | null {
  return view.rollback !== null || isObserved(view) ? (view.clients ?? null) : null;
}

/** Whether fresh evidence of traffic comes. What was seen a minute ago is no observation of now. Pure. */
export function isObserved({ held, sources }: Omit<Observed, "observedShare">): boolean {
  const isSilent = sources.length > 0 && sources.every(({ missing }) => missing !== null);
  return !isSilent && !held.includes("blind") && !held.includes("no-traffic");
}
