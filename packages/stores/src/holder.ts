import { hostname } from "node:os";
import { errorCode } from "@edgezero/faults/faults";
import type { Holder } from "./coordination.ts";
import { parseShown } from "./parse-shown.ts";

/** This process as the holder of a lock, from now on. */
export function thisHolder(who: string, command: string): Holder {
  const since = new Date().toISOString();
  return { who, host: hostname(), pid: process.pid, since, command };
}

/** Whether the holder is a process of this host that has ended. */
export function isGone({ host, pid }: Holder): boolean {
  return host === hostname() && !isAlive(pid);
}

/** The holder of a lock that this tool did not write. */
export function unknownHolder(since: string): Holder {
  return { who: "unknown", host: "unknown", pid: 0, since, command: "unknown" };
}

/** Reads the text of a lock; `null` where it is not of this tool. */
export function parseHolder(text: string): Holder | null {
  try {
    const found = parseShown(text) as Readonly<Record<string, unknown>> | null;
    const { who, host, pid, since, command } = found ?? {};
    const isHolder =
      typeof who === "string" &&
      typeof host === "string" &&
      typeof pid === "number" &&
      typeof since === "string";
    if (!isHolder) return null;
    return { who, host, pid, since, command: typeof command === "string" ? command : "unknown" };
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process of another user. A pid that is not one cannot be asked for.
    return errorCode(error) === "EPERM";
  }
}
