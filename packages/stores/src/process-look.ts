import { readFileSync } from "node:fs";
import { errorCode } from "@edgezero/faults/faults";

/**
 * What is known of a process of this host. `start` tells it from every other process that had or will have
 * its number; `null` where the platform does not say, as on any but Linux.
 */
export type ProcessLook =
  | { readonly kind: "gone" }
  | { readonly kind: "alive"; readonly start: string | null };

/** Looks at a process of this host. A dead one that nobody has waited for yet is gone. */
export function lookAtProcess(pid: number): ProcessLook {
  if (!isThere(pid)) return { kind: "gone" };
  const found = statOf(pid);
  if (found === null) return { kind: "alive", start: null };
  const isDead = found.state === "Z" || found.state === "X";
  return isDead ? { kind: "gone" } : { kind: "alive", start: found.start };
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process of another user. A pid that is not one cannot be asked for.
    return errorCode(error) === "EPERM";
  }
}

/**
 * Source: proc_pid_stat(5). The second field is a name in parentheses, which may have spaces and parentheses
 * of its own; `state` is the third one and `starttime`, in ticks since the boot, the 22nd.
 */
function statOf(pid: number): { state: string; start: string } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [state = "", ticks = ""] = [fields[0], fields[19]];
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return /^\d+$/.test(ticks) && boot !== "" ? { state, start: `${boot}/${ticks}` } : null;
  } catch {
    return null;
  }
}
