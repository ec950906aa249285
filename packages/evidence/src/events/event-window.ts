import type { EvidenceWindow } from "@edgezero/progression";
import type { PathCounts, RolloutPath } from "../counters/count-path.ts";
import type { PathTally, TallyOptions } from "../counters/tally.ts";
import { addToTally, requestsOf, startTally } from "../counters/tally.ts";
import type { CountedEvent } from "./parse-events.ts";

interface EpochTally {
  decisions: number;
  readonly paths: Readonly<Record<RolloutPath, PathTally>>;
}

/** Counts the events of one window. */
export class EventWindow {
  readonly #options: TallyOptions;
  readonly #epochs = new Map<string, EpochTally>();
  readonly #ids = new Set<string>();

  constructor(options: TallyOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#ids.size;
  }

  /** Adds an event, unless it has come before. */
  add(event: CountedEvent): boolean {
    if (this.#ids.has(event.id)) return false;
    this.#ids.add(event.id);
    const { epoch, path, excluded, weight } = event;
    const tally = this.#tallyOf(epoch);
    tally.decisions += weight;
    if (excluded === null) addToTally(tally.paths[path], event, weight, this.#options.bounds);
    return true;
  }

  /** The counts of the epoch that most decisions carry. The others only count as decisions. */
  windowAt(from: number, windowMs: number): EvidenceWindow | null {
    const epochs = [...this.#epochs];
    const [most] = epochs.toSorted(([, a], [, b]) => b.decisions - a.decisions);
    if (most === undefined) return null;
    const [, { paths }] = most;
    return {
      from,
      to: from + windowMs,
      canary: this.#countsOf(paths.edgezero),
      control: this.#countsOf(paths.legacy),
      decisions: Object.fromEntries(epochs.map(([epoch, { decisions }]) => [epoch, decisions])),
      instances: null,
    };
  }

  #tallyOf(epoch: string): EpochTally {
    const known = this.#epochs.get(epoch);
    if (known !== undefined) return known;
    const path = (): PathTally => startTally(this.#options.bounds);
    const tally = { decisions: 0, paths: { legacy: path(), edgezero: path() } };
    this.#epochs.set(epoch, tally);
    return tally;
  }

  /** Events name nobody, so that clients cannot be counted. */
  #countsOf(tally: PathTally): PathCounts {
    return { ...requestsOf(tally, this.#options.signals), clients: null };
  }
}
