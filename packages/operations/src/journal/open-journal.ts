import { messageOf } from "@edgezero/faults/faults";
import type { Coordination } from "@edgezero/stores/coordination";
import type { JournalLocation } from "@edgezero/stores/journal/location";
import { openFileJournal } from "./file/file-journal.ts";
import type { Journal } from "./journal.ts";

/**
 * Opens the journal at a place. Only the code of its kind is loaded. Never rejects: a journal that cannot be
 * used says so when it is used, so that none stands in the way of a rollback.
 */
export async function openJournal(location: JournalLocation): Promise<Journal> {
  if (location.kind === "file") return openFileJournal(location.path);
  if (location.kind === "unknown") return brokenJournal(location.why);
  try {
    const { openRedisJournal } = await import("./redis/redis-journal.ts");
    return openRedisJournal(location.url);
  } catch (error) {
    return brokenJournal(messageOf(error));
  }
}

/** A journal that nobody can use: everything rejects, and says why. */
function brokenJournal(why: string): Journal {
  const location = "(unknown)";
  const refuse = async (): Promise<never> => {
    throw new Error(why);
  };
  const coordination: Coordination = {
    location,
    lock: { location, take: refuse, holder: refuse },
    mark: { read: refuse, leave: refuse },
  };
  return { location, coordination, append: refuse, read: refuse };
}
