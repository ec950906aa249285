import type { PeerName } from "../peers.ts";
import { median, medianRatio } from "../statistics.ts";
import type { Weight } from "./bytes.ts";
import { weigh } from "./bytes.ts";
import { entries } from "./entries.ts";
import { createPrograms, timeToFirstDecision } from "./start.ts";

/** How much is measured. */
export interface SizeScale {
  readonly starts: number;
  readonly peers: readonly PeerName[];
}

/** What it costs to have one decision at all. */
export interface SizeRow {
  readonly name: string;
  /** Bytes of one decision's import with all that it needs. */
  readonly minified: number;
  readonly gzipped: number;
  readonly timesOurs: number;
  /** From the start of the process to its first decision, in milliseconds: the median. */
  readonly startMs: number;
  /** The same as a multiple of a process that does nothing: the median of the ratios. */
  readonly timesNothing: number;
}

/** All ways, ours first. */
export interface SizeData {
  readonly starts: number;
  readonly nothingMs: number;
  readonly rows: readonly SizeRow[];
}

/** Weighs each way and starts it again and again, in turn. */
export async function measureSize({ starts, peers }: SizeScale): Promise<SizeData> {
  const all = entries(peers);
  const weights: Weight[] = [];
  for (const entry of all) weights.push(await weigh(entry));
  const { programs, remove } = await createPrograms(all);
  const milliseconds = programs.map((): number[] => []);
  try {
    // The first round fills the file system's cache.
    for (let round = -1; round < starts; round++) {
      for (const [i, program] of programs.entries()) {
        const ms = await timeToFirstDecision(program);
        if (round >= 0) milliseconds[i]?.push(ms);
      }
    }
  } finally {
    remove();
  }
  const [nothing = [], ...others] = milliseconds;
  const rows = all.map(({ name }, i): SizeRow => {
    const { minified = 0, gzipped = 0 } = weights[i] ?? {};
    const sample = others[i] ?? [];
    return {
      name,
      minified,
      gzipped,
      timesOurs: gzipped / (weights[0]?.gzipped ?? 1),
      startMs: median(sample),
      timesNothing: medianRatio(sample, nothing),
    };
  });
  return { starts, nothingMs: median(nothing), rows };
}
