import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import { VIEW_EVENT } from "@edgezero/control-api/view-events";
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { Environments } from "./environments.ts";

/** Views that wait for a slow reader; older ones give way, since each view is whole. */
const MOST_WAITING = 100;

interface Waiting {
  readonly id: number;
  readonly view: EnvironmentView;
}

/** Streams the views of an environment until the reader leaves or `ending` aborts. */
export function eventStream(
  context: Context,
  environments: Pick<Environments, "subscribe">,
  name: string,
  { quietMs, ending, onEnd }: { quietMs: number; ending: AbortSignal; onEnd: () => void },
): Response {
  const after = lastEventId(context.req.header("last-event-id"));
  // A proxy such as nginx would keep a view until its buffer is full, and the page would never be live.
  context.header("x-accel-buffering", "no");
  return streamSSE(context, async (stream) => {
    const waiting: Waiting[] = [];
    let wake = ignore;
    const unsubscribe = environments.subscribe(name, after, (id, view) => {
      waiting.push({ id, view });
      if (waiting.length > MOST_WAITING) waiting.shift();
      wake();
    });
    stream.onAbort(() => wake());
    const end = (): void => wake();
    ending.addEventListener("abort", end);
    try {
      while (!stream.aborted && !stream.closed && !ending.aborted) {
        const next = waiting.shift();
        if (next !== undefined) {
          const data = JSON.stringify(next.view);
          // oxlint-disable-next-line no-await-in-loop -- A reader gets one event after the other.
          await stream.writeSSE({ event: VIEW_EVENT, id: String(next.id), data });
          continue;
        }
        // oxlint-disable-next-line no-await-in-loop -- It waits for the next view.
        const isQuiet = await new Promise<boolean>((resolve) => {
          const timer = setTimeout(() => resolve(true), quietMs);
          wake = () => {
            clearTimeout(timer);
            resolve(false);
          };
        });
        // A comment keeps proxies from closing a quiet stream.
        // oxlint-disable-next-line no-await-in-loop -- As for events.
        if (isQuiet) await stream.write(": quiet\n\n");
      }
    } finally {
      unsubscribe();
      ending.removeEventListener("abort", end);
      onEnd();
    }
  });
}

/** Wakes nothing: nobody waits yet. */
function ignore(): void {}

/** The id after which a reader goes on; `null` where it names none that can be. */
function lastEventId(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : null;
}
