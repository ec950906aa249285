import type { EnvironmentView } from "@edgezero/control-api/environment-view";

type OnView = (id: number, view: EnvironmentView) => void;

/** Views that a client may have missed are kept so long. */
const KEPT = 50;

/** The views of one environment, for those who follow it. */
export interface Views {
  latest(): EnvironmentView;
  /** Makes a new view soon, once for all changes until then. */
  changed(): void;
  subscribe(after: number | null, onView: OnView): () => void;
}

/**
 * @param make Must not throw.
 * @param firstId Ids rise from here, also across restarts.
 * @param onFault Hears what one who follows has thrown: the others are told all the same.
 */
export function createViews(
  make: () => EnvironmentView,
  firstId: number,
  onFault: (error: unknown) => void = () => {},
): Views {
  const kept: { id: number; view: EnvironmentView }[] = [];
  const listeners = new Set<OnView>();
  let id = firstId;
  let isDue = false;

  function publish(): void {
    isDue = false;
    id += 1;
    const view = make();
    kept.push({ id, view });
    if (kept.length > KEPT) kept.shift();
    for (const listener of listeners) tell(listener, view);
  }

  function tell(listener: OnView, view: EnvironmentView): void {
    try {
      listener(id, view);
    } catch (error) {
      onFault(error);
    }
  }

  return {
    latest: make,
    changed() {
      if (isDue) return;
      isDue = true;
      setImmediate(publish);
    },
    subscribe(after, onView) {
      if (kept.length === 0) publish();
      const from = after === null ? -1 : kept.findIndex((each) => each.id === after);
      const missed = from < 0 ? kept.slice(-1) : kept.slice(from + 1);
      for (const each of missed) onView(each.id, each.view);
      listeners.add(onView);
      return () => listeners.delete(onView);
    },
  };
}
