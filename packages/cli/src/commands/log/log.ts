import { loadConfig, targetOf } from "@edgezero/config";
import { messageOf } from "@edgezero/faults/faults";
import { openFileJournal } from "@edgezero/operations/journal/file/file-journal";
import type { JournalContent, JournalFinding } from "@edgezero/operations/journal/journal";
import { CliError } from "../../cli-error.ts";
import type { CommonOptions } from "../../context.ts";
import type { Outcome, Output } from "../../output/output.ts";
import type { Paint } from "../../output/paint.ts";
import { entryRows } from "./entry-rows.ts";

/** The options of `log`. */
export interface LogOptions extends CommonOptions {
  readonly verify?: boolean | undefined;
  /** The hash of an entry that must be there, as noted elsewhere. */
  readonly head?: string | undefined;
  /** The number of rows, from the end; 0 is all. */
  readonly limit: number;
}

/** `log`: shows the audit trail; with `--verify` whether it is whole. The store is not opened. */
export async function log(output: Output, options: LogOptions): Promise<Outcome> {
  const loaded = await loadConfig(options, process.cwd());
  const target = targetOf(options, process.env, process.cwd(), loaded);
  const journal = openFileJournal(target.trailPath);
  const { location } = journal;
  const content = await journal.read().catch((error: unknown) => {
    throw new CliError("audit-broken", `${location} cannot be read: ${messageOf(error)}`);
  });
  const { entries, head, tornBytes } = content;
  const findings = findingsOf(content, options.head);
  const notes = notesOf(content);
  const document = {
    path: location,
    head,
    entries,
    // The name that the document has had from its first version.
    problems: findings.map(({ line, entry, message }) => ({ line, entry, problem: message })),
    whole: findings.length === 0,
    tornBytes: tornBytes === 0 ? null : tornBytes,
    notes,
  };
  const { paint } = output;
  const noteLines = notes.map((note) => paint.warn(`note: ${note}`));
  if (options.verify) {
    const lines = findings.map(findingText);
    return {
      exit: findings.length === 0 ? "ok" : "audit-broken",
      fault: lines.join("; "),
      document,
      text: [...verdict(location, content, lines, paint), ...noteLines].join("\n"),
    };
  }
  return { document, text: [entryRows(entries, options.limit, paint), ...noteLines].join("\n") };
}

function findingsOf(
  { entries, hashes, findings }: JournalContent,
  known: string | undefined,
): readonly JournalFinding[] {
  if (known === undefined || hashes.includes(known)) return findings;
  const message = `no entry has the hash ${known}: it was changed, or cut off`;
  return [...findings, { line: entries.length, entry: null, message }];
}

function notesOf({ tornBytes, unguarded }: JournalContent): string[] {
  const torn = `the last line is torn (${tornBytes} bytes): a process was killed as it wrote. The next write heals it.`;
  const missing = `${unguarded} is missing: entries cut off at the end cannot be noticed`;
  return [...(tornBytes === 0 ? [] : [torn]), ...(unguarded === null ? [] : [missing])];
}

function verdict(
  location: string,
  { entries, head }: JournalContent,
  lines: readonly string[],
  paint: Paint,
): string[] {
  return lines.length === 0
    ? [paint.good(`whole: ${entries.length} entries`), `head: ${head}`]
    : [paint.loud(`BROKEN: ${location}`), ...lines.map(paint.bad)];
}

/** An entry goes by the number that `log` shows. Its line is another number where a line was torn. */
function findingText({ line, entry, message }: JournalFinding): string {
  return `line ${line}${entry === null ? "" : ` (entry ${entry})`}: ${message}`;
}
