import { hostname } from "node:os";
import { removalText } from "@edgezero/operations/change/take-lock";
import type { Holder } from "@edgezero/stores/coordination";

/** Who leads already, and what to type where that process is known to be gone. Without a full stop. */
export function leaderText({ pid, host, since }: Holder, path: string): string {
  const leads = `process ${pid} on ${host} leads already, since ${since}`;
  if (host === hostname()) return `${leads}, and lives: stop it first, such as by: kill ${pid}`;
  return `${leads}. Another host cannot be looked at from here: where that process is known to be gone, ${removalText(path)}`;
}
