import { setTimeout as sleep } from "node:timers/promises";
import type { Sample } from "./probe.ts";
import { probe } from "./probe.ts";
import { firstClients } from "./synthetic-clients.ts";

/** Probes of one gateway that are under way at the same time. */
const CONCURRENCY = 2;
const PAUSE_BEFORE_MS = 5;
const PAUSE_AFTER_FAULT_MS = 50;

/** A write of zero that the store holds. */
export interface Written {
  /** When the store took it, by `performance.now()`. */
  readonly at: number;
  /** The epoch of the values that were read back, which gateways must name from then on. */
  readonly epoch: string;
}

/** One gateway's way to zero. */
export interface WayToZero {
  readonly url: string;
  readonly probes: number;
  /** Responses from EdgeZero, from the start of the write on. */
  readonly edgezero: number;
  readonly failed: number;
  readonly fault: string | null;
  /** Responses in a row, up to the last one, from legacy and by the new values. */
  readonly inARow: number;
  readonly isZero: boolean;
  /** `epoch` where each response in the row named its epoch, else `path`. */
  readonly judgedBy: "epoch" | "path";
  /**
   * When the first response of the last clean run came, in milliseconds from the start of the write:
   * from then on every response came from legacy. `null` where there was no such response.
   */
  readonly zeroAfterMs: number | null;
  /** When the last response came from EdgeZero, in milliseconds from the start of the write; or `null`. */
  readonly lastEdgezeroMs: number | null;
}

/**
 * Probes a gateway until `needed` responses in a row come from legacy, each to a probe that was sent
 * after the store took the write, and each with the new epoch where it names an epoch. Ends early when
 * `signal` aborts, or where `written` gives `null`: the store does not hold zero. Never rejects.
 *
 * @param startedAt The start of the write, by `performance.now()`.
 */
export async function watchForZero(
  url: string,
  startedAt: number,
  needed: number,
  written: Promise<Written | null>,
  signal: AbortSignal,
): Promise<WayToZero> {
  // Found as they are needed, so that the write does not wait for it.
  const clients = firstClients();
  const samples: Sample[] = [];
  let known: Written | null = null;
  let isDone = false;
  const learn = async (): Promise<void> => {
    known = await written;
    isDone ||= known === null;
  };
  void learn();
  const work = async (isFirst: boolean): Promise<void> => {
    while (!isDone && !signal.aborted) {
      if (known === null) {
        // Enough to see the gateway before the write, and too little to hold up the write.
        await sleep(PAUSE_BEFORE_MS, null, { signal }).catch(() => {});
        if (!isFirst) continue;
      }
      const sample = await probe(url, clients.next().value.ip, signal);
      // A probe that was cut off has shown nothing.
      if (signal.aborted && sample.path === null) return;
      samples.push(sample);
      isDone ||= rowOf(samples, known) >= needed;
      if (sample.path === null) await sleep(PAUSE_AFTER_FAULT_MS, null, { signal }).catch(() => {});
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, (_, i) => work(i === 0)));
  return judgeZero(url, samples, startedAt, needed, known);
}

/** Judges the probes of one gateway; `written` is `null` before the store holds zero. Pure. */
export function judgeZero(
  url: string,
  samples: readonly Sample[],
  startedAt: number,
  needed: number,
  written: Written | null,
): WayToZero {
  const inARow = rowOf(samples, written);
  const clean = samples.slice(cleanFrom(samples, written?.epoch ?? null));
  const [first] = clean;
  const unanswered = samples.filter(({ path }) => path === null);
  const last = samples.findLast(({ path }) => path === "edgezero");
  const row = samples.slice(samples.length - inARow);
  return {
    url,
    probes: samples.length,
    edgezero: samples.filter(({ path }) => path === "edgezero").length,
    failed: unanswered.length,
    fault: unanswered.at(-1)?.fault ?? null,
    inARow,
    isZero: inARow >= needed,
    judgedBy: row.length > 0 && row.every(({ detail }) => detail?.epoch != null) ? "epoch" : "path",
    zeroAfterMs: first === undefined ? null : tenths(first.answeredAt - startedAt),
    lastEdgezeroMs: last === undefined ? null : tenths(last.answeredAt - startedAt),
  };
}

/** Rounds to tenths of a millisecond: more digits would say more than was measured. */
function tenths(ms: number): number {
  return Math.round(10 * ms) / 10;
}

function isClean({ path, detail }: Sample, epoch: string | null): boolean {
  return path === "legacy" && (!detail?.epoch || detail.epoch === epoch);
}

/** The index from which all samples are clean. */
function cleanFrom(samples: readonly Sample[], epoch: string | null): number {
  return samples.findLastIndex((sample) => !isClean(sample, epoch)) + 1;
}

/** The number of samples at the end that are clean and were sent after the write. */
function rowOf(samples: readonly Sample[], written: Written | null): number {
  if (written === null) return 0;
  const { at, epoch } = written;
  const start = samples.findLastIndex((each) => !isClean(each, epoch) || each.sentAt < at) + 1;
  return samples.length - start;
}
