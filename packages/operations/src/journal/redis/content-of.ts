import type { LinesContent } from "@edgezero/stores/redis/lines";
import { BEGINNING, followChain } from "../chain.ts";
import { endFinding, parseLink, vouchedEntries } from "../head.ts";
import type { JournalContent } from "../journal.ts";
import { parseBase } from "./base.ts";

/** The content of a journal by its lines, its head and its base. Pure. */
export function contentOf(
  { lines, head: headText, base }: LinesContent,
  headLocation: string,
): JournalContent {
  const archived = parseBase(base);
  const chain = followChain(lines, archived ?? BEGINNING);
  const head = headText === null ? null : parseLink(headText);
  const end = head === null ? null : endFinding(chain, head);
  const isEmpty = chain.count === 0 && lines.length === 0;
  return {
    entries: chain.entries,
    hashes: chain.hashes,
    head: chain.head,
    archived,
    findings: end === null ? chain.findings : [...chain.findings, end],
    tornBytes: 0,
    unguarded: head === null && !isEmpty ? headLocation : null,
    vouched: head === null ? 0 : vouchedEntries(chain, head),
  };
}
