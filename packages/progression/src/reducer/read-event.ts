import type {
  Clients,
  Command,
  EventOf,
  EventType,
  EvidenceWindow,
  PathCounts,
  RolloutEvent,
} from "./event.ts";
import { COMMANDS } from "./event.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Windows in one answer: a day of the shortest ones that a plan may have. */
const MOST_WINDOWS = 100_000;

/** Reads an event from data of any origin, or `null` where it is no event. Total: never throws. */
export function readEvent(data: unknown): RolloutEvent | null {
  const fields = fieldsOf(data);
  const at = fields?.["at"];
  const type = fields?.["type"];
  if (fields === null || !isTime(at) || typeof type !== "string") return null;
  return Object.hasOwn(READERS, type) ? READERS[type as EventType](fields, at) : null;
}

const READERS: {
  readonly [Type in EventType]: (fields: Fields, at: number) => EventOf<Type> | null;
} = {
  tick: (_, at) => ({ type: "tick", at }),
  faulted: (_, at) => ({ type: "faulted", at }),
  evidence: ({ source, newest = null, windows }, at) => {
    if (!isName(source) || !(newest === null || isTime(newest))) return null;
    if (!Array.isArray(windows) || windows.length > MOST_WINDOWS) return null;
    const read = windows.map(readWindow).filter((window) => window !== null);
    return { type: "evidence", at, source, newest, windows: read };
  },
  "evidence-failed": ({ source }, at) =>
    isName(source) ? { type: "evidence-failed", at, source } : null,
  store: ({ pct, epoch = null, isRolledBack = false, isLost = false }, at) =>
    isPercentage(pct) && isEpoch(epoch)
      ? {
          type: "store",
          at,
          pct,
          epoch,
          ...(isRolledBack === true && { isRolledBack }),
          ...(isLost === true && { isLost }),
        }
      : null,
  probes: ({ epoch, instances, carrying }, at) =>
    isName(epoch) && isCount(instances) && isCount(carrying)
      ? { type: "probes", at, epoch, instances, carrying }
      : null,
  command: ({ command }, at) => {
    const read = readCommand(command);
    return read === null ? null : { type: "command", at, command: read };
  },
  raised: (fields, at) => readWritten("raised", fields, at),
  zeroed: (fields, at) => readWritten("zeroed", fields, at),
  proved: ({ id, proven }, at) =>
    isName(id) && typeof proven === "boolean" ? { type: "proved", at, id, proven } : null,
};

function readWritten<Type extends "raised" | "zeroed">(
  type: Type,
  { id, written, epoch = null }: Fields,
  at: number,
): { type: Type; at: number; id: string; written: boolean; epoch: string | null } | null {
  return isName(id) && typeof written === "boolean" && isEpoch(epoch)
    ? { type, at, id, written, epoch }
    : null;
}

function readCommand(data: unknown): Command | null {
  const { name, stage = null, keep = false, by = "", reason = null } = fieldsOf(data) ?? {};
  const known = COMMANDS.find((command) => command === name);
  if (known === undefined || typeof by !== "string" || typeof keep !== "boolean") return null;
  if (!(stage === null || isCount(stage))) return null;
  if (!(reason === null || typeof reason === "string")) return null;
  return { name: known, stage, keep, by: by.slice(0, 200), reason };
}

function readWindow(data: unknown): EvidenceWindow | null {
  const fields = fieldsOf(data) ?? {};
  const { from, to, instances = null } = fields;
  const canary = readPath(fields["canary"]);
  const control = readPath(fields["control"]);
  const decisions = fieldsOf(fields["decisions"] ?? {});
  if (!isTime(from) || !isTime(to) || canary === null || control === null) return null;
  if (decisions === null || !Object.values(decisions).every(isCount)) return null;
  if (!(instances === null || isCount(instances))) return null;
  return { from, to, canary, control, decisions: decisions as Record<string, number>, instances };
}

function readPath(data: unknown): PathCounts | null {
  const { requests, clients = null, signals = {} } = fieldsOf(data) ?? {};
  const read = clients === null ? null : readClients(clients);
  const named = fieldsOf(signals);
  if (!isCount(requests) || named === null || (clients !== null && read === null)) return null;
  // The statistics reject counts that cannot be, each signal's for itself.
  return { requests, clients: read, signals: named as PathCounts["signals"] };
}

function readClients(data: unknown): Clients | null {
  const { all, failing } = fieldsOf(data) ?? {};
  return isCount(all) && isCount(failing) && failing <= all ? { all, failing } : null;
}

function fieldsOf(data: unknown): Fields | null {
  return typeof data === "object" && data !== null && !Array.isArray(data)
    ? (data as Fields)
    : null;
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

function isPercentage(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 100;
}

/** Names are kept in the state, which is bounded. */
function isName(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= 200;
}

function isEpoch(value: unknown): value is string | null {
  return value === null || isName(value);
}
