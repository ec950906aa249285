// The rules once more, written to be obvious and not fast, for property tests to compare with.

/** The 25 code points with the Unicode property White_Space, which Rust's `str::trim` removes. */
export const WHITE_SPACE: readonly string[] = [
  "\u0009\u000a\u000b\u000c\u000d\u0020\u0085\u00a0\u1680",
  "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a",
  "\u2028\u2029\u202f\u205f\u3000",
].flatMap((group) => Array.from(group));

function naiveTrim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && WHITE_SPACE.includes(text.charAt(start))) start++;
  while (end > start && WHITE_SPACE.includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

export function naiveFlag(value: string): boolean {
  const trimmed = naiveTrim(value);
  const lower = trimmed.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  return lower === "true" || lower === "1";
}

export function naivePct(value: string): number | null {
  const trimmed = naiveTrim(value);
  const digits = trimmed.startsWith("+") ? trimmed.slice(1) : trimmed;
  if (digits === "" || Array.from(digits).some((digit) => !"0123456789".includes(digit)))
    return null;
  const pct = BigInt(digits);
  return pct > 65_535n || pct > 100n ? null : Number(pct);
}

export function naiveFnv1a32(key: string): number {
  let hash = 0x811c9dc5n;
  for (const byte of new TextEncoder().encode(key)) {
    hash = ((hash ^ BigInt(byte)) * 0x01000193n) % 2n ** 32n;
  }
  return Number(hash);
}

/** The epoch of two values; `null` is absent, `undefined` was not or could not be read. */
export function naiveEpoch(flag: string | null | undefined, pct?: string | null): string {
  return naiveFnv1a32([String(flag), String(pct)].join("\n")).toString(16);
}

/** RFC 5952 text of eight groups, without the special text of mapped addresses. */
export function naiveIpv6Text(groups: readonly number[]): string {
  const words = groups.map((group) => group.toString(16)).join(":");
  const zeros = [...words.matchAll(/\b0(?::0)+\b/g)].map((run) => run[0]);
  const longest = zeros.reduce((best, run) => (run.length > best.length ? run : best), "");
  if (longest === "") return words;
  const at = words.search(new RegExp(`(?<![^:])${longest}(?![^:])`));
  const head = words.slice(0, at).replace(/:$/, "");
  const tail = words.slice(at + longest.length).replace(/^:/, "");
  return `${head}::${tail}`;
}
