import { messageOf } from "@edgezero/faults/faults";
import { holderText } from "@edgezero/operations/change/take-lock";
import type { Journal, JournalContent } from "@edgezero/operations/journal/journal";
import { coordinationOf } from "@edgezero/operations/operation";
import type { OperatorStore } from "@edgezero/stores/operator-store";
import type { Finding } from "./finding.ts";
import { bad, good, warning } from "./finding.ts";

const CHECK = "audit trail";

/** Examines the audit trail, and this machine's clock by it. */
export async function journalFindings(journal: Journal): Promise<Finding[]> {
  const { location } = journal;
  try {
    const content = await journal.read();
    return [wholeness(location, content), ...clock(content)];
  } catch (error) {
    const todo = `Fix ${location}: only \`rollback\` works without it.`;
    return [bad(CHECK, messageOf(error), todo)];
  }
}

function wholeness(location: string, { entries, findings, tornBytes }: JournalContent): Finding {
  const [first] = findings;
  if (first !== undefined) {
    const message = `${location}, line ${first.line}: ${first.message}`;
    return bad(CHECK, message, "Run `log --verify`, and find out who changed it.");
  }
  return tornBytes > 0
    ? warning(CHECK, "its last line is torn: a process was killed", "The next write heals it.")
    : good(CHECK, `${location}: ${entries.length} entries, whole`);
}

function clock({ entries }: JournalContent): Finding[] {
  const last = entries.at(-1)?.at;
  if (last === undefined || !(Date.parse(last) > Date.now() + 1000)) return [];
  const message = `the trail's last entry is of the future: ${last}`;
  return [bad("clock", message, "Set this machine's clock.")];
}

/** Says where the operators of the store meet, and who holds the lock. */
export async function coordinationFindings(
  store: OperatorStore | null,
  journal: Journal,
): Promise<Finding[]> {
  const { location, lock } = coordinationOf(store, journal);
  const holder = await lock.holder().catch(() => null);
  const held =
    holder === null ? [] : [warning("lock", holderText(holder), "Wait until it is done.")];
  if (store === null) return held;
  const place =
    store.coordination === null
      ? warning(
          "coordination",
          `the store has no place for lock and rollback mark: they are beside the audit trail, in ${location}`,
          "Let all operators use that folder: elsewhere they do not see each other.",
        )
      : good("coordination", `lock and rollback mark are beside the keys: ${location}`);
  return [place, ...held];
}
