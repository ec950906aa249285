// Rust's `str::trim` removes Unicode White_Space. JavaScript's `\s` differs from that in two
// characters: it lacks U+0085, and it has U+FEFF, which the first group rules out altogether.
const ON = /^(?!.*\ufeff)[\s\x85]*(true|1)[\s\x85]*$/is;

// The numbers up to 100 that Rust's `u16::from_str` accepts.
const PCT = /^(?!.*\ufeff)[\s\x85]*\+?0*(100|\d\d?)[\s\x85]*$/s;

/**
 * Reads the value of `edgezero_enabled`, the master switch. Total: it takes any value.
 *
 * @returns `true` only for `"true"`, in any ASCII case, or `"1"`, trimmed as Rust's `str::trim`
 * does; `false` for everything else, also for `null`, which is an absent key.
 */
export function parseEdgezeroFlag(value: unknown): boolean {
  return value === "true" || (typeof value === "string" && ON.test(value));
}

/**
 * Reads the value of `edgezero_rollout_pct`. Total: it takes any value.
 *
 * Accepts the same text as Rust's `u16::from_str` after `str::trim`, up to 100: an optional `+`,
 * then ASCII digits with any number of leading zeros.
 *
 * @returns A whole number, 0 to 100, or `null` when the value is absent, invalid or out of range.
 */
export function parseRolloutPct(value: unknown): number | null {
  const match = typeof value === "string" ? PCT.exec(value) : null;
  return match && +(match[1] as string);
}
