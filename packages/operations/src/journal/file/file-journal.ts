import { fileCoordination } from "@edgezero/stores/file/coordination";
import { vouchedEntries } from "../head.ts";
import type { Journal } from "../journal.ts";
import { appendEntries } from "./append.ts";
import { examineTrail } from "./examine-trail.ts";
import { trailFilesAt } from "./trail-files.ts";

/** The journal as an audit trail: a file with an entry on each line. Nothing is created before an entry. */
export function openFileJournal(path: string): Journal {
  const files = trailFilesAt(path);
  return {
    location: files.trail,
    coordination: fileCoordination(files.stem),
    append: async (entries) => appendEntries(files, entries),
    async read() {
      const { trail, head, findings } = await examineTrail(files);
      return {
        entries: trail.entries,
        hashes: trail.hashes,
        head: trail.head,
        findings,
        archived: null,
        tornBytes: trail.torn.length,
        unguarded: head === null && trail.count > 0 ? files.head : null,
        vouched: head === null ? 0 : vouchedEntries(trail, head),
      };
    },
  };
}
