import type { ArchivedEntries, JournalContent, JournalFinding } from "./journal.ts";

/** The findings in a journal; one more where no entry has the `known` hash. */
export function withHead(
  { entries, hashes, findings, archived }: JournalContent,
  known: string | undefined,
): readonly JournalFinding[] {
  if (known === undefined || hashes.includes(known) || archived?.hash === known) return findings;
  const elsewhere =
    archived === null ? "" : `, or is one of the ${archived.entries} archived ones before the last`;
  const message = `no entry has the hash ${known}: it was changed, or cut off${elsewhere}`;
  return [...findings, { line: entries.length, entry: null, message }];
}

/** What is worth knowing of a journal and is no finding. */
export function contentNotes({ tornBytes, unguarded, archived }: JournalContent): string[] {
  const torn = `the last line is torn (${tornBytes} bytes): a process was killed as it wrote. The next write heals it.`;
  const missing = `${unguarded} is missing: entries cut off at the end cannot be noticed`;
  return [
    ...(tornBytes === 0 ? [] : [torn]),
    ...(unguarded === null ? [] : [missing]),
    ...(archived === null ? [] : [archivedText(archived)]),
  ];
}

function archivedText({ entries, place, who, at }: ArchivedEntries): string {
  return `entries 1 to ${entries} are not here: ${who} archived them at ${at} to ${place}`;
}

/** The content of a journal as every JSON document has it. */
export function contentDocument(
  path: string,
  content: JournalContent,
  findings: readonly JournalFinding[],
): Record<string, unknown> {
  const { head, entries, tornBytes, archived } = content;
  return {
    path,
    head,
    archived,
    entries,
    findings,
    whole: findings.length === 0,
    tornBytes: tornBytes === 0 ? null : tornBytes,
    notes: contentNotes(content),
  };
}

/** An entry goes by the number that `log` shows. Its line is another number where a line was torn. */
export function findingText({ line, entry, message }: JournalFinding): string {
  return `line ${line}${entry === null ? "" : ` (entry ${entry})`}: ${message}`;
}

/** Whether a journal is whole, in lines that differ in tone; `null` is that of the rest. */
export function verdictRows(
  location: string,
  { entries, head }: JournalContent,
  findings: readonly JournalFinding[],
): { readonly tone: "good" | "loud" | "bad" | null; readonly text: string }[] {
  if (findings.length > 0) {
    const rows = findings.map((each) => ({ tone: "bad" as const, text: findingText(each) }));
    return [{ tone: "loud", text: `BROKEN: ${location}` }, ...rows];
  }
  return [
    { tone: "good", text: `whole: ${entries.length} entries` },
    { tone: null, text: `head: ${head}` },
  ];
}
