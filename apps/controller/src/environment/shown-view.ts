import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import { unavailableView } from "@edgezero/control-api/unavailable-view";
import type { OwnFaults } from "../loop/own-faults.ts";

const WAITS_FOR =
  "someone who reads the controller's log; `edgezero-rollout rollback` works meanwhile";

/** Settings of {@link createShownView}. */
export interface ShownViewOptions {
  readonly name: string;
  /** The store's location, without credentials. */
  readonly store: string;
  readonly faults: OwnFaults;
  /** Why the rollout cannot take events at all; `null` while it can. */
  readonly broken: () => string | null;
  /** The rollout's time, in milliseconds of the epoch. */
  readonly now: () => number;
  /** The view of a rollout without faults. May throw. */
  readonly view: () => EnvironmentView;
}

/** Gives the view of a rollout, or one that says since when there is none and why. Never throws. */
export function createShownView(options: ShownViewOptions): () => EnvironmentView {
  const { name, store, faults, broken, now } = options;
  let unshownSince: number | null = null;

  return () => {
    const shown = broken() === null ? faults.guard("view", options.view) : null;
    if (shown !== null) {
      unshownSince = null;
      return shown;
    }
    const why = `the controller has a fault of its own: ${broken() ?? "its log has more"}`;
    const at = now();
    unshownSince ??= at;
    return unavailableView({ name, why, waitsFor: WAITS_FOR, store, since: unshownSince, at });
  };
}
