import { withDeadline } from "@edgezero/faults/deadline";
import { messageOf } from "@edgezero/faults/faults";
import type { EvidenceReading, EvidenceSource } from "@edgezero/evidence/source";
import type { EvidenceWindow, RolloutEvent } from "@edgezero/progression";
import type { SteadyTime } from "./steady-time.ts";

/** What a source said last, for people. */
export interface SourceNews {
  readonly newest: number | null;
  /** Why it gave no windows, or what its windows are without; `null` where nothing is known to be missing. */
  readonly missing: string | null;
}

/** Asks one source, in the rollout's time. */
export interface SourceAsker {
  readonly source: EvidenceSource;
  /**
   * Asks for what is newer than `since`. Gives no event where a question is still under way. While the source
   * wants a pause it is not asked, and its data is missing all the same. Never rejects.
   */
  ask(since: number | null): Promise<RolloutEvent | null>;
  news(): SourceNews;
}

const LONGEST_MS = 30_000;

/**
 * After the machine's clock was set back, the rollout's time is ahead of it. The source lives by the
 * machine's clock, so its windows are moved by the difference, in whole windows.
 */
export function askerOf(source: EvidenceSource, time: SteadyTime, windowMs: number): SourceAsker {
  let isAsking = false;
  let notBefore = 0;
  let news: SourceNews = { newest: null, missing: null };
  const limitMs = Math.min(LONGEST_MS, Math.max(2000, 2 * windowMs));

  async function read(since: number | null, leadMs: number): Promise<EvidenceReading> {
    const now = time.now() - leadMs;
    const known = since === null ? null : Math.max(0, since - leadMs);
    try {
      return await withDeadline(limitMs, async (signal) =>
        source.read({ now, since: known, signal }),
      );
    } catch (error) {
      return { kind: "missing", reason: "timed-out", detail: messageOf(error), retryAfterMs: null };
    }
  }

  return {
    source,
    news: () => news,
    async ask(since) {
      if (isAsking) return null;
      // Without an event nobody would be blind, nor be paged, for as long as the source wants.
      if (time.now() < notBefore) {
        return { type: "evidence-failed", at: time.now(), source: source.name };
      }
      isAsking = true;
      try {
        const leadMs = Math.ceil(time.leadMs() / windowMs) * windowMs;
        const reading = await read(since, leadMs);
        const at = time.now();
        if (reading.kind === "missing") {
          if (reading.retryAfterMs !== null) notBefore = at + reading.retryAfterMs;
          news = { ...news, missing: `${reading.reason}: ${reading.detail}` };
          return { type: "evidence-failed", at, source: source.name };
        }
        const newest = reading.newest === null ? null : reading.newest + leadMs;
        news = { newest, missing: reading.lacking ?? null };
        const windows = reading.windows.map((window) => moved(window, leadMs));
        return { type: "evidence", at, source: source.name, newest, windows };
      } finally {
        isAsking = false;
      }
    },
  };
}

function moved(window: EvidenceWindow, leadMs: number): EvidenceWindow {
  return leadMs === 0 ? window : { ...window, from: window.from + leadMs, to: window.to + leadMs };
}
