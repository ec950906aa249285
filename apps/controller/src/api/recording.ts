import type { HistoryWish } from "../history/history.ts";
import type { TimeRange } from "../history/read-recording.ts";
import { OLDEST_MS } from "../history/thin.ts";

const POINTS = 600;
const CHUNK = 64 * 1024;

/** The query of a request, once it is read. */
interface Asked {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly points?: number | undefined;
}

/** The part of the time that a query asks for. `now` in milliseconds of the epoch. */
export function rangeOf({ from, to }: Asked, now: number): TimeRange {
  return { from: from ?? now - OLDEST_MS, to: to ?? Number.MAX_SAFE_INTEGER };
}

/** What a query asks of a history; `null` where it asks for nothing. */
export function wishOf(asked: Asked, now: number): HistoryWish | null {
  const { from, to, points } = asked;
  if (from === undefined && to === undefined && points === undefined) return null;
  return { ...rangeOf(asked, now), points: points ?? POINTS };
}

/** Lines that are read as they are sent. `onEnd` is called once, also where the reader leaves. */
export function recordingResponse(lines: AsyncIterable<string>, onEnd: () => void): Response {
  const chunks = chunksOf(lines);
  let isOver = false;
  // A generator that was never begun would not run its own end.
  function end(): void {
    if (!isOver) onEnd();
    isOver = true;
  }
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await chunks.next();
        if (next.done !== true) return controller.enqueue(next.value);
        end();
        return controller.close();
      } catch (error) {
        end();
        throw error;
      }
    },
    async cancel() {
      end();
      await chunks.return(undefined);
    },
  });
  return new Response(body, { headers: { "content-type": "application/x-ndjson" } });
}

async function* chunksOf(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array, undefined> {
  const encoder = new TextEncoder();
  let chunk = "";
  for await (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < CHUNK) continue;
    yield encoder.encode(chunk);
    chunk = "";
  }
  yield encoder.encode(chunk);
  return undefined;
}
