import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { pinned } from "../load/pinned.ts";

/** A server under load. */
export interface Server {
  readonly url: string;
  /** Its process, 0 where that is not known. */
  readonly pid: number;
  stop(): void | Promise<void>;
}

/** How a server is started. */
export interface ServerOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of Node, before the file. */
  readonly nodeArgs?: readonly string[];
  /** The core that it keeps to; any unless given. */
  readonly core?: number | undefined;
}

/** Starts a server that prints a JSON line with its `url` once it listens. */
export async function startServer(
  file: string,
  { env = {}, nodeArgs = [], core }: ServerOptions = {},
): Promise<Server> {
  const [command, ...args] = pinned(core, process.execPath, [...nodeArgs, file]);
  const child: ChildProcess = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.stdout === null) throw new Error("the server has no output to read");
  for await (const line of createInterface(child.stdout)) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url === undefined) continue;
    // What it writes from now on is read, and thrown away.
    child.stdout.resume();
    return { url, pid: child.pid ?? 0, stop: () => stopChild(child) };
  }
  throw new Error(`${file} ended before it listened`);
}

/** Ends a process, and resolves when it has ended. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.kill();
  });
}
