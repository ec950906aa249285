import { openFileJournal } from "./file/file-journal.ts";
import type { Journal, JournalContent, JournalFinding } from "./journal.ts";

/** Reads a journal; with the file of its archive, both as one. Rejects where one cannot be read. */
export async function readJournal(
  journal: Journal,
  archive: string | undefined,
): Promise<JournalContent> {
  const content = await journal.read();
  return archive === undefined ? content : withArchive(content, archive);
}

/**
 * A journal together with the entries that were archived to a file, as one chain from the first entry on.
 * What does not fit is a finding. Rejects where the file cannot be read.
 */
export async function withArchive(content: JournalContent, path: string): Promise<JournalContent> {
  const { archived } = content;
  const file = await openFileJournal(path).read();
  const count = archived?.entries ?? 0;
  const at = file.entries.findLastIndex(({ seq }) => seq === count);
  const fits = archived === null || file.hashes[at] === archived.hash;
  const gap = fits
    ? []
    : [gapAt(file, `does not have entry ${count}, which the journal goes on from`)];
  const own = file.findings.map((each) => ({ ...each, message: `of ${path} ${each.message}` }));
  const entries = file.entries.slice(0, at + 1);
  return {
    ...content,
    entries: [...entries, ...content.entries],
    hashes: [...file.hashes.slice(0, at + 1), ...content.hashes],
    findings: [...own, ...gap, ...content.findings],
    archived: fits ? null : archived,
    vouched: fits && content.vouched > 0 ? entries.length + content.vouched : content.vouched,
  };

  function gapAt({ entries: all }: JournalContent, message: string): JournalFinding {
    return { line: all.length, entry: null, message: `of ${path} ${message}` };
  }
}
