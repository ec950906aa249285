import { messageOf } from "@edgezero/faults/faults";
import { holderText } from "../change/take-lock.ts";
import type { Journal, JournalContent } from "../journal/journal.ts";
import { coordinationOf } from "../operation.ts";
import type { Coordination } from "@edgezero/stores/coordination";
import type { OperatorStore } from "@edgezero/stores/operator-store";
import type { Finding } from "./finding.ts";
import { bad, good, warning } from "./finding.ts";

const CHECK = "audit trail";

/** Examines the audit trail, and this machine's clock by it. */
export async function journalFindings(journal: Journal): Promise<Finding[]> {
  const { location } = journal;
  try {
    const content = await journal.read();
    const risks = await (journal.risks?.() ?? []);
    return [wholeness(location, content), ...risks.map(riskOf), ...clock(content)];
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

function riskOf(risk: string): Finding {
  const todo = "Set its server's appendonly to yes and its maxmemory-policy to noeviction.";
  return warning(CHECK, `its Redis ${risk}`, todo);
}

function clock({ entries }: JournalContent): Finding[] {
  const last = entries.at(-1)?.at;
  if (last === undefined || !(Date.parse(last) > Date.now() + 1000)) return [];
  const message = `the trail's last entry is of the future: ${last}`;
  return [bad("clock", message, "Set this machine's clock.")];
}

/**
 * Says where the operators of the store meet, who holds the lock, and, of an environment that a controller
 * may lead, how many controllers there may be.
 */
export async function coordinationFindings(
  store: OperatorStore | null,
  journal: Journal,
  { evidence = [] }: { readonly evidence?: readonly unknown[] } = {},
): Promise<Finding[]> {
  const coordination = coordinationOf(store, journal);
  try {
    const holder = await coordination.lock.holder();
    const held =
      holder === null ? [] : [warning("lock", holderText(holder), "Wait until it is done.")];
    if (store === null) return held;
    const controllers = evidence.length === 0 ? [] : [await controllersFinding(store)];
    return [meeting(store, journal, coordination), ...held, ...controllers];
  } catch (error) {
    // A store that cannot be reached has told so already.
    if (store === null || store.coordination !== null) return [];
    const message = `lock and rollback mark are with the audit trail, and cannot be read: ${messageOf(error)}`;
    return [bad("coordination", message, "Only `rollback` works without them.")];
  }
}

function meeting(
  store: OperatorStore,
  journal: Journal,
  { location }: Pick<Coordination, "location">,
): Finding {
  if (store.coordination !== null) {
    return good("coordination", `lock and rollback mark are beside the keys: ${location}`);
  }
  const where =
    "the store cannot keep the lock and the rollback mark, so they are kept with the audit trail,";
  return journal.risks === undefined
    ? warning(
        "coordination",
        `${where} in ${location}`,
        "All operators must use this folder, or they do not see each other's locks.",
      )
    : good("coordination", `${where} at ${location}`);
}

/** How many controllers there may be, and who leads. */
async function controllersFinding({ leadership, location }: OperatorStore): Promise<Finding> {
  if (leadership === null || leadership === undefined) {
    const message = `${location} cannot refuse writes of a controller that has lost the lead, so run only one controller. A second one with the same STATE_DIR refuses to lead. A second one with another STATE_DIR, such as on another host, is not noticed`;
    return good("controllers", message);
  }
  try {
    const holder = await leadership.lease.holder();
    const leads =
      holder === null
        ? "none leads now"
        : `process ${holder.pid} on ${holder.host} leads, since ${holder.since}`;
    return good("controllers", `several may run, and one of them leads: ${leads}`);
  } catch (error) {
    const todo = "Let the user read and write the keys beside the hash, and use `time`.";
    return bad("controllers", `who leads cannot be read: ${messageOf(error)}`, todo);
  }
}
