import type { DecisionEvent } from "@edgezero/rollout/attribution";

/** The fields of an event that are counted. */
export type CountedEvent = Pick<
  DecisionEvent,
  "time" | "path" | "epoch" | "outcome" | "durationMs" | "lastByteMs" | "excluded" | "weight"
> & {
  /** The same wherever the line is delivered again. */
  readonly id: string;
};

/** The events of a body. */
export interface ParsedEvents {
  readonly events: readonly CountedEvent[];
  /** Lines and events that are not in order. Lines that have no event of ours are not counted. */
  readonly invalid: number;
}

const VERSION: DecisionEvent["version"] = 1;
const TYPE = "edgezero-decision";

/**
 * Reads events from lines of JSON, or from one array. Shippers wrap a line in the field `message` or
 * `log`, and Cloudflare's Logpush in `Logs[].Message[]`.
 *
 * @returns `null` where the last line is cut off: then the sender has to send all of it again.
 */
export function parseEvents(body: string): ParsedEvents | null {
  const events: CountedEvent[] = [];
  let invalid = 0;
  const lines = body.split("\n").filter((line) => line.trim() !== "");
  for (const [index, line] of lines.entries()) {
    const value = jsonOf(line);
    if (value === undefined) {
      if (index === lines.length - 1) return null;
      invalid += 1;
      continue;
    }
    for (const found of eventsIn(value, 0)) {
      const event = eventOf(found);
      if (event === null) invalid += 1;
      else events.push(event);
    }
  }
  return { events, invalid };
}

type Fields = Readonly<Record<string, unknown>>;

/** Deeper wrappings than any shipper makes are not opened. */
const DEEPEST = 6;

function eventsIn(value: unknown, depth: number): Fields[] {
  if (depth > DEEPEST) return [];
  const within = (inner: unknown): Fields[] => eventsIn(inner, depth + 1);
  if (typeof value === "string") return value.includes(TYPE) ? within(jsonOf(value)) : [];
  if (Array.isArray(value)) return value.flatMap(within);
  if (!isObject(value)) return [];
  if (value["type"] === TYPE) return [value];
  return ["message", "log", "Logs", "Message"].flatMap((name) => within(value[name]));
}

function eventOf(fields: Fields): CountedEvent | null {
  const { version, id, time, path, epoch, outcome, durationMs, lastByteMs, excluded, weight } =
    fields;
  if (version !== VERSION) return null;
  if (typeof id !== "string" || id.length === 0 || id.length > 64) return null;
  if (!isNumber(time) || !isNumber(durationMs) || !isNumber(weight) || weight < 1) return null;
  if (path !== "legacy" && path !== "edgezero") return null;
  if (typeof epoch !== "string" || !/^[0-9a-f]{1,8}$/.test(epoch)) return null;
  if (typeof outcome !== "string") return null;
  if (excluded !== null && typeof excluded !== "string") return null;
  return {
    id,
    time,
    path,
    epoch,
    // An outcome that is not known yet is no failure, and an exclusion that is not known yet excludes.
    outcome: outcome as DecisionEvent["outcome"],
    durationMs,
    lastByteMs: isNumber(lastByteMs) ? lastByteMs : null,
    excluded: excluded as DecisionEvent["excluded"],
    weight,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
