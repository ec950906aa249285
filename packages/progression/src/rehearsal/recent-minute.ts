import type { PathCounts } from "../reducer/index.ts";
import type { Fault } from "./fault.ts";
import { lastOf } from "./fault.ts";

type PathName = "canary" | "control";

interface Drawn {
  readonly to: number;
  readonly sent: number;
  readonly failing: Record<PathName, number>;
}

/** What is known of the minute that ends with a window. */
export interface Minute {
  readonly sent: number;
  /** The counts of a window, with the failing clients of its minute, as a gateway counts them. */
  readonly count: (name: PathName, drawn: PathCounts, faults: readonly Fault[]) => PathCounts;
}

/** Adds up the windows of the last minute at one percentage. Clients that fail are taken as distinct. */
export function recentMinute(): (pct: number, to: number, sent: number) => Minute {
  let windows: Drawn[] = [];
  let last = -1;
  return (pct, to, sent) => {
    const known = pct === last ? windows.filter((window) => window.to > to - 60_000) : [];
    last = pct;
    const own: Drawn = { to, sent, failing: { canary: 0, control: 0 } };
    windows = [...known, own];
    const count: Minute["count"] = (name, drawn, faults) => {
      const { clients, requests } = drawn;
      if (clients === null) return drawn;
      own.failing[name] = clients.failing;
      const lone = name === "canary" && requests > 0 && lastOf(faults, "one-client") !== null;
      const failing = windows.reduce((sum, window) => sum + window.failing[name], lone ? 1 : 0);
      return { ...drawn, clients: { all: clients.all, failing: Math.min(clients.all, failing) } };
    };
    return { sent: windows.reduce((sum, window) => sum + window.sent, 0), count };
  };
}
