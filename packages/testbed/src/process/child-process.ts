import type { ChildProcess, SpawnOptions } from "node:child_process";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { endWithThisProcess } from "./end-with-this.ts";

/** How a process ended: one of the two is `null`. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The variables of a process; `undefined` leaves one out. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A child of this process. */
export interface Child {
  readonly process: ChildProcess;
  /** 0 where it could not be started. */
  readonly pid: number;
  /** Resolves when the child has ended and all its output was read. Rejects when it cannot start. */
  readonly exit: Promise<Exit>;
  /** Sends a signal, SIGTERM unless given, and resolves with {@link exit}. */
  end(signal?: NodeJS.Signals): Promise<Exit>;
}

/** Starts a child. It is killed when this process ends first; where it is `detached`, with its group. */
export function spawnChild(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { readonly env?: Environment },
): Child {
  const child = spawn(command, args, options);
  endWithThisProcess(child, options.detached === true ? "group" : "child");
  const exit = new Promise<Exit>((resolve, reject) => {
    child.once("error", reject);
    // "close" comes once all output was read, which "exit" may precede.
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  // A caller that awaits `exit` gets the fault of a failed start.
  exit.catch(() => {});
  return {
    process: child,
    pid: child.pid ?? 0,
    exit,
    async end(signal = "SIGTERM") {
      child.kill(signal);
      return exit;
    },
  };
}

/** Calls `onLine` for each line of a stream. */
export function readLines(
  input: NodeJS.ReadableStream | null,
  onLine: (line: string) => void,
): void {
  if (input !== null) createInterface({ input }).on("line", onLine);
}
