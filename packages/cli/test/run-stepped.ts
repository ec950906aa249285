import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Duplex } from "node:stream";
import { PassThrough } from "node:stream";
import type { Operator } from "./operator.ts";
import { cliEnv, MAIN } from "./run-cli.ts";

const ANNOUNCE = new URL("announce-changes.ts", import.meta.url).href;

/** A change of a file that the command is about to make. */
export interface Change {
  /** From 1, in the order of the changes. */
  readonly number: number;
  /** The operation's name, and what it is called with: `renameSync <from> <to>`. */
  readonly what: string;
  /** Kills the command (SIGKILL), so that the change is not made. */
  readonly kill: () => void;
}

/**
 * Runs the command on the operator's file store in a process of its own, which stands still before
 * each change of a file until `beforeChange` is done. Gives how many changes it was about to make.
 */
export async function runStepped(
  { folder }: Operator,
  args: readonly string[],
  beforeChange: (change: Change) => Promise<void> | void,
): Promise<number> {
  const child = spawn(process.execPath, ["--import", ANNOUNCE, MAIN, ...args], {
    cwd: folder,
    env: cliEnv({ EDGEZERO_STORE: "file:./rollout.json" }),
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const closed = once(child, "close");
  const command = child.stdio[3] as Duplex;
  const changes = new PassThrough();
  // One that was killed reads no answer, which is no failure.
  command.on("error", () => {});
  command.on("close", () => changes.end());
  command.pipe(changes);
  let number = 0;
  for await (const what of createInterface({ input: changes })) {
    await beforeChange({ number: ++number, what, kill: () => child.kill("SIGKILL") });
    command.write("\n");
  }
  await closed;
  return number;
}
