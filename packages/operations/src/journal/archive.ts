import { resolve } from "node:path";
import type { ArchiveReport, Journal } from "./journal.ts";
import { ArchiveError } from "./journal.ts";

/** Enough to see what happened last without the file. */
const KEEP = 100;

/** An archiving, and the absolute path of its file. */
export interface ArchivedJournal extends ArchiveReport {
  readonly file: string;
}

/**
 * Moves the oldest entries of a journal to a file. At least the last 100 stay, and all that later commands
 * go by. @throws ArchiveError
 */
export async function archiveJournal(
  journal: Journal,
  path: string,
  who: string,
): Promise<ArchivedJournal> {
  const file = resolve(path);
  if (journal.archive === undefined) {
    throw new ArchiveError("only a journal in Redis is archived: this one is a file already");
  }
  return { ...(await journal.archive(file, { keep: KEEP, who })), file };
}

/** An archiving as every JSON document has it. */
export function archiveDocument(
  path: string,
  { file, moved, archived, kept, head }: ArchivedJournal,
): Record<string, unknown> {
  return { path, archive: file, moved, archived, kept, archiveHead: head };
}

/** An archiving for people. */
export function archiveText({ file, moved, archived, kept, head }: ArchivedJournal): string {
  if (moved === 0) {
    return `nothing to archive: all ${kept} entries stay, since later commands go by them`;
  }
  const lines = [
    `moved ${moved} entries to ${file}, which has entries 1 to ${archived}; ${kept} stay`,
    `head of the file: ${head}`,
    `Keep the file: \`log --verify --with-archive ${file}\` reads both as one trail.`,
  ];
  return lines.join("\n");
}
