import { STORE_KINDS } from "./store-kinds.ts";

/** A scheme that differs by more letters is another word, not a slip of the hand. */
const MOST_EDITS = 3;

/** The forms of the stores that a URL of no store may be meant for: a misspelt scheme, or a bare path. */
export function nearestForms(url: string): string[] {
  const scheme = /^([a-z][\w+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    const isPath = /[\\/]|\.json$/i.test(url);
    return STORE_KINDS.filter(({ schemes }) => isPath && schemes.includes("file")).map(
      ({ form }) => form,
    );
  }
  const distances = STORE_KINDS.map(({ form, schemes }) => ({
    form,
    edits: Math.min(...schemes.map((known) => editDistance(scheme, known))),
  }));
  const fewest = Math.min(...distances.map(({ edits }) => edits));
  const isNear = fewest <= Math.min(MOST_EDITS, scheme.length / 2);
  return distances.filter(({ edits }) => isNear && edits === fewest).map(({ form }) => form);
}

/** The number of letters to insert, remove or replace. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
