import { spawnChild } from "@edgezero/testbed/process/child-process";
import { pinned } from "../load/pinned.ts";
import type { Server } from "./server-process.ts";

const LONGEST_START_MS = 30_000;

/** Starts a program that stays in the foreground, and waits until its URL answers. */
export async function startDaemon(
  url: string,
  command: string,
  args: readonly string[],
  core?: number,
): Promise<Server> {
  const [first, ...rest] = pinned(core, command, args);
  const child = spawnChild(first, rest, { stdio: ["ignore", "ignore", "inherit"] });
  const stop = async (): Promise<void> => void (await child.end());
  const startedAt = performance.now();
  for (;;) {
    try {
      await (await fetch(url)).text();
      return { url, pid: child.pid, stop };
    } catch (error) {
      const hasEnded = child.process.exitCode !== null;
      if (hasEnded || performance.now() - startedAt > LONGEST_START_MS) {
        await stop();
        throw new Error(`${command} does not answer at ${url}`, { cause: error });
      }
    }
  }
}
