import type { ControllerClient } from "@edgezero/control-api/client";
import { ClientError } from "@edgezero/control-api/client";
import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import { messageOf } from "@edgezero/faults/faults";
import type { Link } from "./link.ts";

/** A controller says something every 15 s, and so this much silence is a connection that is dead. */
const SILENCE_MS = 40_000;
/** Waits between attempts, in milliseconds; the last one stays. */
const PAUSES = [250, 500, 1000, 2000, 5000] as const;

export interface FollowOptions {
  /** Makes a client whose `fetch` calls back for each byte that comes. */
  readonly client: (onBytes: () => void) => Pick<ControllerClient, "events">;
  readonly name: string;
  readonly onView: (view: EnvironmentView) => void;
  readonly onLink: (link: Link) => void;
  readonly now: () => number;
  /** Ends the following. */
  readonly stop: AbortSignal;
  /** Resolves when it is worth trying at once, such as when the network is back, or aborted. */
  readonly woken: (over: AbortSignal) => Promise<void>;
  readonly silenceMs?: number;
}

/** Follows an environment, and connects again by itself until it is stopped, or until that is no use. */
export async function follow(options: FollowOptions): Promise<void> {
  const { name, onView, onLink, now, stop, silenceMs = SILENCE_MS } = options;
  let after: string | undefined;
  let heardAt = now();
  let attempts = 0;
  while (!stop.aborted) {
    const attempt = new AbortController();
    const end = (): void => attempt.abort();
    stop.addEventListener("abort", end);
    let watchdog = setTimeout(end, silenceMs);
    const onBytes = (): void => {
      heardAt = now();
      clearTimeout(watchdog);
      watchdog = setTimeout(end, silenceMs);
    };
    let why = "The controller has ended the stream.";
    try {
      const events = options.client(onBytes).events(name, { signal: attempt.signal, after });
      for await (const { id, view } of events) {
        after = id;
        attempts = 0;
        onView(view);
        onLink({ kind: "live" });
      }
    } catch (error) {
      const final = finalLink(error);
      if (final !== null && !stop.aborted) return onLink(final);
      why = attempt.signal.aborted ? "Nothing came for too long." : reasonOf(error);
    } finally {
      clearTimeout(watchdog);
      stop.removeEventListener("abort", end);
    }
    if (stop.aborted) return undefined;
    onLink({ kind: "lost", since: heardAt, why });
    await pause(PAUSES[Math.min(attempts, PAUSES.length - 1)] ?? 5000, options);
    attempts += 1;
  }
  return undefined;
}

/** Trying again would not help. */
function finalLink(error: unknown): Link | null {
  if (!(error instanceof ClientError)) return null;
  const why = error.message;
  if (error.status === 401) return { kind: "denied", why };
  if (error.status === 404 && error.kind === "refused") return { kind: "unknown", why };
  return null;
}

/** A stream that breaks has a message of the browser's, which says little. */
function reasonOf(error: unknown): string {
  if (!(error instanceof ClientError)) return "The connection broke.";
  return error.kind === "unreachable" ? "The controller does not answer." : messageOf(error);
}

async function pause(ms: number, { stop, woken }: FollowOptions): Promise<void> {
  const over = new AbortController();
  const waited = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    over.signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
  const stopped = AbortSignal.any([stop, over.signal]);
  await Promise.race([waited, woken(stopped)]);
  over.abort();
}
