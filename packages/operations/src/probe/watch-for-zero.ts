import { setTimeout as sleep } from "node:timers/promises";
import type { Sample } from "./probe.ts";
import { probe } from "./probe.ts";
import { firstClients } from "./synthetic-clients.ts";

/** How many probes of one gateway are under way at once. */
const CONCURRENCY = 2;
const PAUSE_BEFORE_MS = 5;
const PAUSE_AFTER_FAULT_MS = 50;

/** What is known of the store while probes are sent. Times are of `performance.now()`. */
export interface Written {
  /** When the write that counts was taken, or `null` before that. */
  at: number | null;
  /** The epoch that gateways must then name, or `null` before it was read back. */
  epoch: string | null;
}

/** One gateway's way to zero. */
export interface WayToZero {
  readonly url: string;
  readonly probes: number;
  /** Responses from EdgeZero, from the start of the write on. */
  readonly edgezero: number;
  readonly failed: number;
  readonly fault: string | null;
  /** The responses in a row, up to the last one, that were as they must be. */
  readonly inARow: number;
  readonly isZero: boolean;
  /** What the responses were judged by: `epoch` where each named it. */
  readonly judgedBy: "epoch" | "path";
  /**
   * When the first response came after which all were as they must be, in milliseconds from the
   * start of the write: from then on none came from EdgeZero. `null` when there was none.
   */
  readonly zeroAfterMs: number | null;
  /** When the last response came from EdgeZero, or `null`. */
  readonly lastEdgezeroMs: number | null;
}

/**
 * Probes a gateway until `needed` responses in a row, all asked for after the write was taken, come
 * from legacy and name the new epoch where they name any. Ends when `signal` says so, too.
 */
export async function watchForZero(
  url: string,
  startedAt: number,
  needed: number,
  written: Written,
  signal: AbortSignal,
): Promise<WayToZero> {
  // Found as they are needed, so that the write does not wait for it.
  const clients = firstClients();
  const samples: Sample[] = [];
  let isDone = false;
  const work = async (isFirst: boolean): Promise<void> => {
    while (!isDone && !signal.aborted) {
      if (written.at === null) {
        // Enough to see what it was like before, and little enough not to hold up the write.
        await sleep(PAUSE_BEFORE_MS, null, { signal }).catch(() => {});
        if (!isFirst) continue;
      }
      const sample = await probe(url, clients.next().value.ip, signal);
      // What was cut off has shown nothing.
      if (signal.aborted && sample.path === null) return;
      samples.push(sample);
      isDone ||= rowOf(samples, written) >= needed;
      if (sample.path === null) await sleep(PAUSE_AFTER_FAULT_MS, null, { signal }).catch(() => {});
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, (_, i) => work(i === 0)));
  return judgeZero(url, samples, startedAt, needed, written);
}

/** What the probes of one gateway have shown. Pure. */
export function judgeZero(
  url: string,
  samples: readonly Sample[],
  startedAt: number,
  needed: number,
  written: Written,
): WayToZero {
  const inARow = rowOf(samples, written);
  const clean = samples.slice(cleanFrom(samples, written.epoch));
  const [first] = clean;
  const failures = samples.filter(({ path }) => path === null);
  const last = samples.findLast(({ path }) => path === "edgezero");
  const row = samples.slice(samples.length - inARow);
  return {
    url,
    probes: samples.length,
    edgezero: samples.filter(({ path }) => path === "edgezero").length,
    failed: failures.length,
    fault: failures.at(-1)?.fault ?? null,
    inARow,
    isZero: inARow >= needed,
    judgedBy: row.length > 0 && row.every(({ detail }) => detail?.epoch != null) ? "epoch" : "path",
    zeroAfterMs: first === undefined ? null : tenths(first.answeredAt - startedAt),
    lastEdgezeroMs: last === undefined ? null : tenths(last.answeredAt - startedAt),
  };
}

/** More than tenths of a millisecond would say more than is known. */
function tenths(ms: number): number {
  return Math.round(10 * ms) / 10;
}

function isClean({ path, detail }: Sample, epoch: string | null): boolean {
  return path === "legacy" && (!detail?.epoch || detail.epoch === epoch);
}

/** The index from which all samples are as they must be. */
function cleanFrom(samples: readonly Sample[], epoch: string | null): number {
  return samples.findLastIndex((sample) => !isClean(sample, epoch)) + 1;
}

/** How many at the end are as they must be, and were asked for after the write. */
function rowOf(samples: readonly Sample[], { at, epoch }: Written): number {
  if (at === null || epoch === null) return 0;
  const start = samples.findLastIndex((each) => !isClean(each, epoch) || each.sentAt < at) + 1;
  return samples.length - start;
}
