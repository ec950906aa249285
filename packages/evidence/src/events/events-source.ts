import { gunzipSync } from "node:zlib";
import { errorCode, messageOf } from "@edgezero/faults/faults";
import type { EvidenceWindow } from "@edgezero/progression";
import { aligned } from "../counters/windows-of.ts";
import { MOST_BYTES } from "../http/ask.ts";
import type { EvidenceReading, EvidenceSource, SourceOptions } from "../source.ts";
import { missing } from "../source.ts";
import { EventWindow } from "./event-window.ts";
import { parseEvents } from "./parse-events.ts";

/** What became of the events of a body. */
export type Ingested =
  | {
      readonly kind: "taken";
      readonly counted: number;
      /** Had come before. */
      readonly repeated: number;
      /** Of a window that is settled, or that began before the source did. */
      readonly late: number;
      /** Of a time that is yet to come: their clock is ahead. */
      readonly early: number;
      /** Not in order, without an `id`, or of another version. */
      readonly invalid: number;
    }
  /** Nothing of it was counted, so that it may be sent again. */
  | {
      readonly kind: "refused";
      readonly reason: "too-large" | "too-many" | "not-understood";
      readonly detail: string;
    };

/** Counts decision events that are posted to the controller. */
export interface EventsSource extends EvidenceSource {
  /** Takes a body of events, gzipped or not. `now` in milliseconds of the epoch. Never throws. */
  ingest(body: Uint8Array, now: number): Ingested;
  note(): string | null;
}

/** How late events may be, unless the config says otherwise: what log endpoints buffer. */
export const EVENTS_DELAY_MS = 10_000;

/** Windows that are kept for one who asks for them again. */
const KEPT = 60;
/** How long dropped events are told of. */
const RECENT_MS = 60_000;
/** Most events of windows that are not settled. */
const MOST_EVENTS = 2_000_000;

/**
 * Counts events by their own times. A window is settled once it has been over for `delayMs`; later
 * events of it are dropped. A window without an event is not given: nothing arriving is no data.
 * What was taken is lost with the process, so that the window in which a process begins is not given.
 */
export function openEvents(options: SourceOptions, delayMs: number): EventsSource {
  const { windowMs } = options;
  const windows = new Map<number, EventWindow>();
  let kept: readonly EvidenceWindow[] = [];
  /** The end of what is settled. `null` before the first call. */
  let settledTo: number | null = null;
  let newest: number | null = null;
  /** The end of the window in which this began: events from before it are nobody's fault. */
  let beganAt = Infinity;
  let dropped: Dropped = NOTHING;
  let recent: readonly { readonly at: number; readonly dropped: Dropped }[] = [];

  function begin(now: number): number {
    if (settledTo === null) beganAt = aligned(now + windowMs - 1, windowMs);
    settledTo ??= beganAt;
    return settledTo;
  }

  function forget(now: number): void {
    recent = recent.filter(({ at }) => at > now - RECENT_MS);
  }

  function settle(now: number): void {
    const to = aligned(now - delayMs, windowMs);
    if (to <= begin(now)) return;
    for (const from of [...windows.keys()].toSorted((a, b) => a - b)) {
      if (from >= to) break;
      const window = windows.get(from)?.windowAt(from, windowMs) ?? null;
      windows.delete(from);
      if (window !== null) kept = [...kept, window].slice(-KEPT);
    }
    settledTo = to;
  }

  return {
    name: "events",
    location: "events posted to the controller",
    note() {
      const known = recent.reduce((sum, each) => added(sum, each.dropped), NOTHING);
      return isWhole(known)
        ? null
        : `not all events of the last minute count: ${droppedText(known)}`;
    },
    ingest(body, now) {
      const start = begin(now);
      const text = textOf(body);
      if (typeof text !== "string") return text;
      const parsed = parseEvents(text);
      if (parsed === null) return refused("not-understood", "the last line is no JSON");
      const open = [...windows.values()].reduce((sum, { size }) => sum + size, 0);
      if (open + parsed.events.length > MOST_EVENTS) {
        return refused("too-many", `more than ${MOST_EVENTS} events wait to be settled`);
      }
      let old = 0;
      const taken = { counted: 0, repeated: 0, late: 0, early: 0, invalid: parsed.invalid };
      for (const event of parsed.events) {
        const from = aligned(event.time, windowMs);
        if (from < start) {
          taken.late += 1;
          if (from < beganAt) old += 1;
        } else if (event.time > now + windowMs) taken.early += 1;
        else {
          const window = windows.get(from) ?? new EventWindow(options);
          windows.set(from, window);
          taken[window.add(event) ? "counted" : "repeated"] += 1;
          newest = Math.max(newest ?? 0, event.time);
        }
      }
      dropped = added(dropped, taken);
      const { early, invalid } = taken;
      recent = [...recent, { at: now, dropped: { late: taken.late - old, early, invalid } }];
      forget(now);
      return { kind: "taken", ...taken };
    },
    async read({ now, since }): Promise<EvidenceReading> {
      settle(now);
      forget(now);
      if (newest === null) return missing("no-data", saidOf(dropped, options.env));
      return {
        kind: "windows",
        windows: kept.filter(({ from }) => from >= (since ?? -Infinity)),
        newest,
      };
    },
    close: async () => windows.clear(),
  };
}

type Dropped = Readonly<Record<"late" | "early" | "invalid", number>>;

const NOTHING: Dropped = { late: 0, early: 0, invalid: 0 };

function added(a: Dropped, b: Dropped): Dropped {
  return { late: a.late + b.late, early: a.early + b.early, invalid: a.invalid + b.invalid };
}

function isWhole({ late, early, invalid }: Dropped): boolean {
  return late + early + invalid === 0;
}

function saidOf(dropped: Dropped, env: SourceOptions["env"]): string {
  if (!isWhole(dropped)) return `no event could be counted; ${droppedText(dropped)}`;
  const token =
    (env["INGEST_TOKEN"] ?? "") === "" ? "INGEST_TOKEN, which is not set" : "INGEST_TOKEN";
  return `no event has come yet; they are posted to /api/v1/ingest/<environment> with the token of ${token}`;
}

/** How many events were dropped, and what to do about it. */
function droppedText({ late, early, invalid }: Dropped): string {
  return [
    ...(late > 0
      ? [`${late} came after their window had ended (a longer delayMs waits for them)`]
      : []),
    ...(early > 0 ? [`${early} are of a time to come (their gateway's clock is ahead)`] : []),
    ...(invalid > 0 ? [`${invalid} are not in order, or have no id`] : []),
  ].join(", ");
}

function refused(
  reason: Extract<Ingested, { kind: "refused" }>["reason"],
  detail: string,
): Ingested {
  return { kind: "refused", reason, detail };
}

function textOf(body: Uint8Array): string | Ingested {
  try {
    const isGzip = body[0] === 0x1f && body[1] === 0x8b;
    const bytes = isGzip ? gunzipSync(body, { maxOutputLength: MOST_BYTES }) : body;
    if (bytes.length <= MOST_BYTES) return new TextDecoder().decode(bytes);
    return refused("too-large", `more than ${MOST_BYTES} bytes`);
  } catch (fault) {
    return errorCode(fault) === "ERR_BUFFER_TOO_LARGE"
      ? refused("too-large", `more than ${MOST_BYTES} bytes`)
      : refused("not-understood", messageOf(fault));
  }
}
