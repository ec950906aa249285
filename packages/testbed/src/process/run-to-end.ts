import { text } from "node:stream/consumers";
import type { Environment, Exit } from "./child-process.ts";
import { spawnChild } from "./child-process.ts";

/** The exit of a process, and its whole output. */
export interface Ended extends Exit {
  readonly stdout: string;
  readonly stderr: string;
}

/** Settings of {@link runToEnd}. */
export interface RunOptions {
  readonly cwd: string;
  /** All its variables. */
  readonly env: Environment;
  /** Its standard input; empty unless given. */
  readonly input?: string;
  /** Gets its whole standard error so far, each time it writes more. */
  readonly onStderr?: (text: string) => unknown;
}

/** Runs a process without a terminal, and resolves once it has ended, however it ended. */
export async function runToEnd(
  command: string,
  args: readonly string[],
  { cwd, env, input = "", onStderr }: RunOptions,
): Promise<Ended> {
  const { process: child, exit } = spawnChild(command, args, { cwd, env, stdio: "pipe" });
  if (child.stdin === null || child.stdout === null || child.stderr === null) {
    throw new Error(`${command} has no pipes`);
  }
  // A process that ended has closed its input.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => onStderr?.((said += chunk.toString())));
  const [ended, stdout, stderr] = await Promise.all([exit, text(child.stdout), text(child.stderr)]);
  return { ...ended, stdout, stderr };
}
