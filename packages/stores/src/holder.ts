import { hostname } from "node:os";
import type { Holder } from "./coordination.ts";
import { parseShown } from "./parse-shown.ts";
import { lookAtProcess } from "./process-look.ts";

/** This process as the holder of a lock, from now on. */
export function thisHolder(who: string, command: string): Holder {
  const since = new Date().toISOString();
  const look = lookAtProcess(process.pid);
  const start = look.kind === "alive" ? look.start : null;
  return { who, host: hostname(), pid: process.pid, since, command, start };
}

/**
 * Whether the holder is a process of this host that has ended. Another process may have its number by now,
 * which started at another time.
 */
export function isGone({ host, pid, start = null }: Holder): boolean {
  if (host !== hostname()) return false;
  const look = lookAtProcess(pid);
  if (look.kind === "gone") return true;
  return start !== null && look.start !== null && look.start !== start;
}

/** The holder of a lock that this tool did not write. */
export function unknownHolder(since: string): Holder {
  return { who: "unknown", host: "unknown", pid: 0, since, command: "unknown" };
}

/** Reads the text of a lock; `null` where it is not of this tool. */
export function parseHolder(text: string): Holder | null {
  try {
    const found = parseShown(text) as Readonly<Record<string, unknown>> | null;
    const { who, host, pid, since, command, start } = found ?? {};
    const isHolder =
      typeof who === "string" &&
      typeof host === "string" &&
      typeof pid === "number" &&
      typeof since === "string";
    if (!isHolder) return null;
    return {
      who,
      host,
      pid,
      since,
      command: typeof command === "string" ? command : "unknown",
      ...(typeof start === "string" && { start }),
    };
  } catch {
    return null;
  }
}

/** The holder by the text of a lock that is held now, whoever wrote it. */
export function holderIn(text: string): Holder {
  return parseHolder(text) ?? unknownHolder(new Date().toISOString());
}
