/** What was counted since a process began. */
export interface Counts {
  readonly ticks: number;
  /** When the last tick began, in milliseconds of the epoch; `null` before the first one. */
  readonly lastTickAt: number | null;
  /** When the store was last read, in milliseconds of the epoch; `null` before that. */
  readonly storeReadAt: number | null;
  /** Faults of the controller's own: something in the loop threw. */
  readonly faults: number;
  /** By the source's name. */
  readonly sourceFailures: Readonly<Record<string, number>>;
  /** By the reason. */
  readonly pages: Readonly<Record<string, number>>;
}

/** Counts what happens to a rollout. */
export interface Counter {
  /** @param at In milliseconds of the epoch, by the machine's clock. */
  tick(at: number): void;
  /** @param at In milliseconds of the epoch, by the machine's clock. */
  storeRead(at: number): void;
  fault(): void;
  /** A source gave no windows at a tick. */
  sourceFailed(source: string): void;
  page(reason: string): void;
  counted(): Counts;
}

export function createCounts(): Counter {
  let ticks = 0;
  let lastTickAt: number | null = null;
  let storeReadAt: number | null = null;
  let faults = 0;
  const sourceFailures: Record<string, number> = {};
  const pages: Record<string, number> = {};
  return {
    tick(at) {
      ticks += 1;
      lastTickAt = at;
    },
    storeRead: (at) => void (storeReadAt = at),
    fault: () => void (faults += 1),
    sourceFailed: (source) => add(sourceFailures, source),
    page: (reason) => add(pages, reason),
    counted: () => ({
      ticks,
      lastTickAt,
      storeReadAt,
      faults,
      sourceFailures: { ...sourceFailures },
      pages: { ...pages },
    }),
  };
}

/** What is counted where nothing runs. */
export const NO_COUNTS: Counts = {
  ticks: 0,
  lastTickAt: null,
  storeReadAt: null,
  faults: 0,
  sourceFailures: {},
  pages: {},
};

function add(to: Record<string, number>, name: string): void {
  to[name] = (to[name] ?? 0) + 1;
}
