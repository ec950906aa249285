import { spanText as spanIn } from "@edgezero/progression/explain";

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
] as const;

/** A span in its two largest units, such as `1 h 20 min`. */
export function spanText(ms: number): string {
  return spanIn(ms, UNITS);
}

/** A time to come, rounded to what can be promised: `12 min`, `2 h 5 min`, `40 s`. */
export function aboutText(ms: number): string {
  if (ms < 90_000) return `${Math.max(1, Math.ceil(ms / 1000))} s`;
  return spanText(Math.ceil(ms / 60_000) * 60_000);
}

/** How long ago: `just now`, `12 s ago`, `3 min ago`. The clocks of two machines may differ a little. */
export function agoText(at: number, now: number): string {
  const ms = now - at;
  if (ms < 2000) return "just now";
  const [unit, length] = UNITS.find(([, each]) => ms >= each) ?? ["s", 1000];
  return `${Math.floor(ms / length)} ${unit} ago`;
}

/** A short span as it was measured: `under 0.1 s`, `0.8 s`, `12 s`. Nothing takes no time. */
export function measuredText(ms: number): string {
  if (ms < 50) return "under 0.1 s";
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : spanText(ms);
}

const CLOCK = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

/** The time of day, and the day where it is another one: `14:03:22`, `2 Nov 14:03:22`. */
export function clockText(at: number, now: number): string {
  const date = dateOf(at);
  if (date === null) return "an unknown time";
  const time = CLOCK.format(date);
  const isToday = date.toDateString() === new Date(now).toDateString();
  return isToday ? time : `${DAY.format(date)} ${time}`;
}

/** For machines; `""` where it is no time. */
export function isoText(at: number): string {
  return dateOf(at)?.toISOString() ?? "";
}

function dateOf(at: number): Date | null {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? null : date;
}
