/** The known name that a mistyped one is nearest to, or `null` where none is near. */
export function nearest(name: string, known: readonly string[]): string | null {
  const written = name.slice(0, 40).toLowerCase();
  let best: string | null = null;
  let least = Math.max(2, Math.floor(written.length / 3)) + 1;
  for (const other of known) {
    const away = distance(written, other.toLowerCase());
    if (away < least) [best, least] = [other, away];
  }
  return best;
}

/** Letters to insert, delete or replace between two words (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const same = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(same, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
