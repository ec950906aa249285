import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A server that runs in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  stop(): void;
}

/** Starts a server that prints a JSON line with its `url` once it listens. */
export async function startServer(
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const child: ChildProcess = spawn(process.execPath, [file], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.stdout === null) throw new Error("the server has no output to read");
  for await (const line of createInterface(child.stdout)) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url === undefined) continue;
    // What it writes from now on is read, and thrown away.
    child.stdout.resume();
    return { url, pid: child.pid ?? 0, stop: () => child.kill() };
  }
  throw new Error(`${file} ended before it listened`);
}
