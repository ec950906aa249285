/** A duration for people, in its largest unit: `340 ms`, `12 s`, `4 min`, `3 h`, `5 d`. */
export function durationText(ms: number): string {
  const steps: [unit: string, ms: number][] = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["min", 60_000],
    ["s", 1000],
  ];
  for (const [unit, length] of steps) {
    if (ms >= length) return `${Math.floor(ms / length)} ${unit}`;
  }
  return `${Math.round(ms)} ms`;
}

/** The time since `at`, an ISO 8601 text, for people: `4 min ago`. */
export function agoText(at: string, now: number = Date.now()): string {
  const ms = now - Date.parse(at);
  if (Number.isNaN(ms)) return "at an unknown time";
  return ms < 1000 ? "just now" : `${durationText(ms)} ago`;
}
