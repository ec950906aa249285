import { spawn } from "node:child_process";
import { pinned } from "../load/pinned.ts";
import type { Server } from "./server-process.ts";
import { stopChild } from "./server-process.ts";

const LONGEST_START_MS = 30_000;

/** Starts a program that stays in the foreground, and waits until its URL answers. */
export async function startDaemon(
  url: string,
  command: string,
  args: readonly string[],
  core?: number,
): Promise<Server> {
  const [first, ...rest] = pinned(core, command, args);
  const child = spawn(first, rest, { stdio: ["ignore", "ignore", "inherit"] });
  const startedAt = performance.now();
  for (;;) {
    try {
      await (await fetch(url)).text();
      return { url, pid: child.pid ?? 0, stop: () => stopChild(child) };
    } catch (error) {
      if (child.exitCode !== null || performance.now() - startedAt > LONGEST_START_MS) {
        await stopChild(child);
        throw new Error(`${command} does not answer at ${url}`, { cause: error });
      }
    }
  }
}
