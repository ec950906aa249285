import type { EvidenceWindow, PathCounts } from "../reducer/index.ts";
import type { WatchedSignal } from "../reducer/state.ts";
import { activeClients, drawPopulation, groupsAt, shareAt } from "./clients.ts";
import type { Model } from "./draw-path.ts";
import { drawPath } from "./draw-path.ts";
import type { Fault } from "./fault.ts";
import { latencyChances } from "./latency.ts";
import { loadsOf } from "./load.ts";
import type { Random } from "./random.ts";
import type { SyntheticTraffic } from "./traffic.ts";
import { latencyOf, rateOf } from "./traffic.ts";
import { recentMinute } from "./recent-minute.ts";
import { windowUnder } from "./window.ts";

/** What is in force in a window. Times are milliseconds of the epoch. */
export interface Moment {
  readonly from: number;
  readonly to: number;
  /** The percentage and the epoch by which gateways decide. */
  readonly pct: number;
  readonly epoch: string;
  readonly faults: readonly Fault[];
}

/** What each source counts in a window, by its name. */
export type Counted = (source: string) => EvidenceWindow;

/** Opens a site that is made up, and gives what sources count in its windows, one after the other. */
export function openSite(
  signals: readonly WatchedSignal[],
  bounds: readonly number[],
  traffic: SyntheticTraffic,
  random: Random,
): (moment: Moment) => Counted {
  const load = loadsOf(traffic, random);
  const population = traffic.clients === undefined ? null : drawPopulation(traffic.clients, random);
  const recent = recentMinute();
  const active = population === null ? null : activeClients(population, random);
  const model: Model = {
    random,
    signals: signals.map((signal) => ({ ...signal, rate: rateOf(traffic, signal) })),
    burst: traffic.burst ?? 1,
    badMoments: traffic.clients?.badMoments ?? 0,
    population,
    chancesOf: remembered((times: number) => latencyChances(bounds, latencyOf(traffic), times)),
  };
  return ({ from, to, pct, epoch, faults }) => {
    const share = population === null ? pct / 100 : shareAt(population, pct);
    const { canary, control, multiple } = load(from / 1000, (to - from) / 1000, share);
    const isSilent = faults.some(({ kind }) => kind === "no-traffic");
    const sent = isSilent ? 0 : canary + control;
    const minute = recent(pct, to, sent);
    const clients = active === null ? null : active(pct, minute.sent);
    const groups = population === null ? null : groupsAt(population, pct);
    const path = (name: "canary" | "control", requests: number): PathCounts =>
      minute.count(
        name,
        drawPath(
          model,
          {
            isEdgeZero: name === "canary",
            requests: isSilent ? 0 : requests,
            sent,
            multiple,
            group: groups?.[name] ?? null,
            active: clients?.[name] ?? null,
          },
          faults,
        ),
        faults,
      );
    const both = windowUnder(epoch, { from, to }, path("canary", canary), path("control", control));
    return (source) => ofSource(both, source, model);
  };
}

/** The part of a window that a source gives. */
function ofSource(window: EvidenceWindow, source: string, { signals }: Model): EvidenceWindow {
  const given = signals.filter((signal) => signal.source === source);
  if (given.length === signals.length) return window;
  const only = ({ signals: all, ...path }: PathCounts): PathCounts => ({
    ...path,
    signals: Object.fromEntries(
      given.flatMap(({ name }) => (all[name] ? [[name, all[name]]] : [])),
    ),
  });
  return { ...window, canary: only(window.canary), control: only(window.control) };
}

function remembered<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const value = known.get(key) ?? make(key);
    known.set(key, value);
    return value;
  };
}
