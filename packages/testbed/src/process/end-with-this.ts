import type { ChildProcess } from "node:child_process";

/** Signals that end a process at once, without the event `exit`. Vitest ends its workers by SIGTERM. */
const ENDING = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

const alive = new Map<ChildProcess, "child" | "group">();

/**
 * Kills a child when this process ends first, by itself or by a signal: a test that failed has not
 * stopped what it had started. After SIGKILL nobody can do so.
 *
 * @param whole `group` where the child was started `detached`, and its own children are killed as well.
 */
export function endWithThisProcess(child: ChildProcess, whole: "child" | "group" = "child"): void {
  if (alive.size === 0) listen();
  alive.set(child, whole);
  // A child that could not be started has no other event.
  child.once("exit", () => forget(child)).once("error", () => forget(child));
}

function forget(child: ChildProcess): void {
  if (alive.delete(child) && alive.size === 0) listenNoMore();
}

function listen(): void {
  process.on("exit", killAll);
  for (const signal of ENDING) process.on(signal, onSignal);
}

function listenNoMore(): void {
  process.off("exit", killAll);
  for (const signal of ENDING) process.off(signal, onSignal);
}

function onSignal(signal: NodeJS.Signals): void {
  killAll();
  listenNoMore();
  // Where nobody else hears it, the signal does what it would have done.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

function killAll(): void {
  for (const [child, whole] of alive) {
    if (whole === "child" || child.pid === undefined) child.kill("SIGKILL");
    else killGroup(child.pid);
  }
  alive.clear();
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // All of them have ended.
  }
}
