import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Exit } from "@edgezero/testbed/process/child-process";
import { readLines, spawnChild } from "@edgezero/testbed/process/child-process";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** A demo in a process of its own, as a terminal starts it. */
export interface RunningDemo {
  readonly pid: number;
  readonly lines: string[];
  readonly exit: Promise<Exit>;
  /** The address in the one line that it prints. */
  url(): Promise<string>;
  /** Sends a signal to the demo and all that it has started, as Control-C does. */
  signalAll(signal: NodeJS.Signals): void;
  /** The names of the files that it has in the folder for temporary ones. */
  files(): Promise<string[]>;
  /** Ends it where it has not ended, and deletes its folder. */
  cleanUp(): Promise<void>;
}

/** Runs the demo on a free port. */
export async function runDemo(...args: string[]): Promise<RunningDemo> {
  const folder = await mkdtemp(join(tmpdir(), "edgezero-demo-test-"));
  const child = spawnChild(process.execPath, [MAIN, "--port", "0", ...args], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ["ignore", "pipe", "pipe"],
    // A process group of its own, such as each job of a terminal has.
    detached: true,
  });
  const lines: string[] = [];
  const found = Promise.withResolvers<string>();
  const read = (line: string): void => {
    lines.push(line);
    const [url] = /http:\/\/[\d.:]+/.exec(line) ?? [];
    if (url !== undefined) found.resolve(url);
  };
  readLines(child.process.stdout, read);
  readLines(child.process.stderr, read);
  void child.exit.then(() => found.reject(new Error(`it ended:\n${lines.join("\n")}`)));
  found.promise.catch(() => {});
  const isRunning = (): boolean =>
    child.process.exitCode === null && child.process.signalCode === null;
  return {
    pid: child.pid,
    lines,
    exit: child.exit,
    url: async () => found.promise,
    signalAll: (signal) => process.kill(-child.pid, signal),
    files: async () => readdir(folder),
    async cleanUp() {
      if (isRunning()) await child.end("SIGTERM");
      // After a kill its children may still write.
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}
