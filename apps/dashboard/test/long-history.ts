import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { History } from "@edgezero/control-api/history";
import { historyOf, OLDEST_MS, pointOf } from "@edgezero/controller/history/thin";
import { seededRandom } from "./seeded-random.ts";

const WINDOW_MS = 15_000;

/** As many points as a controller shows: a day of windows, and the most of 29 days. */
export function longHistory(view: EnvironmentView): History {
  const random = seededRandom(3);
  const begin = view.at - OLDEST_MS;
  const times = Array.from({ length: OLDEST_MS / WINDOW_MS }, (_, index) => {
    return begin + index * WINDOW_MS;
  });
  return historyOf(
    times.map((at, index) => {
      const pct = [0, 1, 10, 50][Math.floor((4 * index) / times.length)] ?? 50;
      const observedShare = (pct / 100) * (0.9 + 0.2 * random());
      return pointOf({ ...view, at, pct, observedShare });
    }),
    view.at,
  );
}
