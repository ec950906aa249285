import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { readerEnv } from "./scratch-clone.ts";

const READY_MS = 300_000;
const END_MS = 20_000;

/** A terminal in which something runs until it is stopped. */
export interface Terminal {
  stop(): Promise<void>;
}

/** Runs a block as a reader does in a terminal of its own; resolves once its output has `ready`. */
export async function openTerminal(
  folder: string,
  script: string,
  ready: string,
  env: Readonly<Record<string, string>>,
): Promise<Terminal> {
  const child = spawn("bash", ["-c", `set -euo pipefail\n${script}`], {
    cwd: folder,
    env: { ...readerEnv(), ...env },
    // A group of its own, so that all that it starts can be ended.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${why} before "${ready}":\n${output}`));
    const timer = setTimeout(() => fail(`${READY_MS} ms passed`), READY_MS);
    const look = (chunk: Buffer): void => {
      output += chunk.toString();
      if (output.includes(ready)) resolve();
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    child.on("close", (code) => fail(`it ended with ${code}`));
    timer.unref();
  }).catch(async (error: unknown) => {
    await end(child);
    throw error;
  });
  return { stop: async () => end(child) };
}

/** Control-C, and more where that is not enough. */
async function end(child: ChildProcess): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.on("close", () => resolve());
  });
  signalGroup(child, "SIGINT");
  const timer = setTimeout(() => signalGroup(child, "SIGKILL"), END_MS);
  await closed;
  clearTimeout(timer);
  // What has left its leader behind.
  signalGroup(child, "SIGKILL");
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone.
  }
}
