import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, resolve } from "node:path";
import type { RedisLines } from "@edgezero/stores/redis/lines";
import { quoted } from "../../reading.ts";
import { BEGINNING } from "../chain.ts";
import { extendTrail } from "../file/extend-trail.ts";
import { trailFilesAt } from "../file/trail-files.ts";
import type { ArchiveOptions, ArchiveReport, JournalContent } from "../journal.ts";
import { ArchiveError } from "../journal.ts";
import { keptFrom } from "../kept-from.ts";
import { contentOf } from "./content-of.ts";

/**
 * Moves the oldest lines to a file: writes the file, reads it back, and only then cuts the lines off, in one
 * step in which the journal also learns what was cut. Killed before that step, it has changed nothing but
 * the file, from which the next call goes on.
 *
 * @throws ArchiveError
 */
export async function archiveLines(
  lines: RedisLines,
  path: string,
  { keep, who }: ArchiveOptions,
): Promise<ArchiveReport> {
  const found = await lines.read();
  const content = contentOf(found, "");
  if (content.findings.length > 0 || content.entries.length !== found.lines.length) {
    throw new ArchiveError("only a whole journal can be archived: run `log --verify`");
  }
  const { entries, hashes, archived } = content;
  const count = Math.min(keptFrom(content), Math.max(0, entries.length - keep));
  const last = count === 0 ? (archived ?? BEGINNING) : linkOf(content, count);
  const report = { moved: count, archived: last.entries, kept: entries.length - count };
  if (count === 0) return { ...report, head: last.hash };
  const full = resolve(path);
  await mkdir(dirname(full), { recursive: true });
  const before = archived ?? BEGINNING;
  const moved = found.lines.slice(0, count);
  const chain = { before, hashes: hashes.slice(0, count), lines: moved };
  const fault = await extendTrail(trailFilesAt(full), chain, who);
  if (fault !== null) throw new ArchiveError(`${full} ${fault}${elsewhere(content)}`);
  const at = new Date().toISOString();
  const newBase = { ...last, place: `${full} on ${hostname()}`, who, at };
  const cut = { count, base: found.base, lastCut: moved.at(-1) ?? "" };
  const isCut = await lines.cut({ ...cut, newBase: JSON.stringify(newBase) });
  if (!isCut) throw new ArchiveError("the journal was archived by someone else meanwhile");
  return { ...report, head: last.hash };
}

function linkOf({ entries, hashes }: JournalContent, count: number) {
  return { entries: entries[count - 1]?.seq ?? 0, hash: hashes[count - 1] ?? "" };
}

function elsewhere({ archived }: JournalContent): string {
  if (archived === null) return "";
  return `; entries 1 to ${archived.entries} were archived to ${quoted(archived.place)}`;
}
