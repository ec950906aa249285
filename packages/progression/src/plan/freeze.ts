/** A part of each week in which nothing advances. */
export interface FreezeWindow {
  /** Minutes since Monday 00:00, local to the zone. */
  readonly from: number;
  /** Minutes since Monday 00:00. Before `from`: it ends in the next week. */
  readonly to: number;
  /** An IANA name such as `Europe/Berlin`. */
  readonly zone: string;
}

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
const TIME = `(${DAYS.join("|")}) ([01]\\d|2[0-3]):([0-5]\\d)`;
const FREEZE = new RegExp(`^${TIME} - ${TIME}(?: (\\S{1,64}))?$`);

/**
 * Reads a freeze such as `Fri 16:00 - Mon 08:00 Europe/Berlin`. Without a zone it is in UTC.
 *
 * @returns `null` where the text is no such freeze, or the zone is unknown.
 */
export function parseFreeze(text: string): FreezeWindow | null {
  const [, fromDay, fromHour, fromMinute, toDay, toHour, toMinute, zone = "UTC"] =
    FREEZE.exec(text) ?? [];
  if (fromDay === undefined || formatterOf(zone) === null) return null;
  const from = minuteOfWeek(fromDay, Number(fromHour), Number(fromMinute));
  return { from, to: minuteOfWeek(toDay, Number(toHour), Number(toMinute)), zone };
}

/** A freeze as a plan spells it. */
export function freezeText({ from, to, zone }: FreezeWindow): string {
  return `${timeText(from)} - ${timeText(to)} ${zone}`;
}

function timeText(minute: number): string {
  const ofDay = minute % 1440;
  const [hour, rest] = [Math.floor(ofDay / 60), ofDay % 60].map((part) =>
    String(part).padStart(2, "0"),
  );
  return `${DAYS[Math.floor(minute / 1440)]} ${hour}:${rest}`;
}

/** Whether any of these freezes is on at this moment. A freeze whose ends are equal never ends. */
export function isFrozen(freeze: readonly FreezeWindow[], at: number): boolean {
  return freeze.some(({ from, to, zone }) => {
    const minute = localMinute(zone, at);
    if (minute === null) return false;
    return from < to ? minute >= from && minute < to : minute >= from || minute < to;
  });
}

const MINUTE_MS = 60_000;
const WEEK_MINUTES = 7 * 1440;
/** Freezes that follow each other, and hours that a change of the clocks takes. */
const MOST_JUMPS = 100;
const MOST_BACK_MINUTES = 180;

/** When the freezes that are on at this moment end. `null`: no freeze is on, or no end was found. */
export function freezeEndsAt(freeze: readonly FreezeWindow[], at: number): number | null {
  if (!isFrozen(freeze, at)) return null;
  let end = Math.floor(at / MINUTE_MS) * MINUTE_MS;
  for (let jump = 0; jump < MOST_JUMPS; jump += 1) {
    const on = freeze.find((one) => isFrozen([one], end));
    if (on === undefined) return Math.max(at, firstThawed(freeze, end));
    const minute = localMinute(on.zone, end) ?? 0;
    end += ((on.to - minute + WEEK_MINUTES) % WEEK_MINUTES) * MINUTE_MS;
  }
  return null;
}

/** Where clocks went forward within the freeze, its end came earlier than its length says. */
function firstThawed(freeze: readonly FreezeWindow[], from: number): number {
  let end = from;
  for (let back = 0; back < MOST_BACK_MINUTES; back += 1) {
    if (isFrozen(freeze, end - MINUTE_MS)) return end;
    end -= MINUTE_MS;
  }
  return from;
}

function minuteOfWeek(day: string | undefined, hour: number, minute: number): number {
  return DAYS.findIndex((name) => name === day) * 1440 + hour * 60 + minute;
}

function localMinute(zone: string, at: number): number | null {
  const parts = isDate(at) ? formatterOf(zone)?.formatToParts(at) : undefined;
  if (parts === undefined) return null;
  const part = (type: string): string => parts.find((other) => other.type === type)?.value ?? "";
  return minuteOfWeek(part("weekday"), Number(part("hour")), Number(part("minute")));
}

/** The farthest moments that a date of ECMAScript can have. */
function isDate(at: number): boolean {
  return Math.abs(at) <= 8.64e15;
}

/** Making a formatter takes a hundred times as long as its use. */
const FORMATTERS = new Map<string, Intl.DateTimeFormat | null>();

function formatterOf(zone: string): Intl.DateTimeFormat | null {
  const known = FORMATTERS.get(zone);
  if (known !== undefined) return known;
  const made = makeFormatter(zone);
  FORMATTERS.set(zone, made);
  return made;
}

function makeFormatter(timeZone: string): Intl.DateTimeFormat | null {
  try {
    const fields = { weekday: "short", hour: "2-digit", minute: "2-digit" } as const;
    return new Intl.DateTimeFormat("en-US", { ...fields, hourCycle: "h23", timeZone });
  } catch {
    return null;
  }
}
