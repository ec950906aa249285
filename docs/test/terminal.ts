import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { readerEnv } from "./scratch-clone.ts";
import { endWithThisProcess } from "@edgezero/testbed/process/end-with-this";

const READY_MS = 300_000;
const END_MS = 60_000;

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
  endWithThisProcess(child, "group");
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
    // Why it never became ready says more than what it leaves behind.
    await end(child).catch(() => {});
    throw error;
  });
  return { stop: async () => end(child) };
}

/** Control-C, and more where that is not enough. Rejects where something is left behind all the same. */
async function end(child: ChildProcess): Promise<void> {
  const closed = new Promise<true>((resolve) => {
    // Once no one has its output open any more, and not before, all that it has started is gone.
    const hasExited = child.exitCode !== null || child.signalCode !== null;
    if (hasExited && child.stdout?.closed && child.stderr?.closed) resolve(true);
    else child.on("close", () => resolve(true));
  });
  signalGroup(child, "SIGINT");
  const isClosed = await Promise.race([closed, sleep(END_MS, false, { ref: false })]);
  // What has left its leader behind, and writes elsewhere.
  signalGroup(child, "SIGKILL");
  if (isClosed) return;
  child.stdout?.destroy();
  child.stderr?.destroy();
  throw new Error(
    `${child.spawnargs.at(-1)}\n\nleaves something behind that Control-C does not end`,
  );
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone.
  }
}
