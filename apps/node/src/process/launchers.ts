import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** How often the launchers are looked at, in milliseconds. */
const CHECK_MS = 500;
/** More processes than a package manager starts on the way to a script. */
const MOST_ANCESTORS = 12;
/** Commands that run a package's script in a process of their own. */
const LAUNCHER = /\b(?:npm|npx|pnpm|pnpx|yarn|corepack|turbo)\b/;

/** A process, as far as it matters who has started it. */
interface Ancestor {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/**
 * Calls `onEnd` once, when one of the processes has ended that a package manager has put between this
 * process and the one that was started. `npx pnpm dev` starts about four, and few of them pass a
 * signal on: the gateway would live on without anyone who can stop it.
 *
 * A process that no package manager has started is not watched: it may well outlive its parent.
 */
export function watchLaunchers(
  env: Readonly<Record<string, string | undefined>>,
  onEnd: () => void,
): void {
  if (env["npm_lifecycle_event"] === undefined) return;
  const pids = launchersOf(process.ppid);
  if (pids.length === 0) return;
  const timer = setInterval(() => {
    if (pids.every(isRunning)) return;
    clearInterval(timer);
    onEnd();
  }, CHECK_MS).unref();
}

/** The processes up to the outermost launcher, without their own parents, such as a shell. */
function launchersOf(parent: number): number[] {
  const ancestors: Ancestor[] = [];
  for (let pid = parent; pid > 1 && ancestors.length < MOST_ANCESTORS;) {
    const ancestor = describe(pid);
    if (ancestor === null) break;
    ancestors.push(ancestor);
    pid = ancestor.parent;
  }
  const outermost = ancestors.findLastIndex(({ command }) => LAUNCHER.test(command));
  return ancestors.slice(0, outermost + 1).map(({ pid }) => pid);
}

/** Finds a process; gives `null` where the system does not tell. */
function describe(pid: number): Ancestor | null {
  try {
    if (process.platform === "linux") {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // The name, in parentheses, may have spaces.
      const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      return { pid, parent, command };
    }
    const said = execFileSync("ps", ["-o", "ppid=,command=", "-p", String(pid)]).toString();
    const [, parent = "", command = ""] = /^\s*(\d+)\s+(.*)/.exec(said) ?? [];
    return parent === "" ? null : { pid, parent: Number(parent), command };
  } catch {
    return null;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch {
    return false;
  }
}

/** A process that has ended is there until its parent asks how it ended. */
function isZombie(pid: number): boolean {
  if (process.platform !== "linux") return false;
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.charAt(stat.lastIndexOf(")") + 2) === "Z";
}
