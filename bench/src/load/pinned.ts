import { availableParallelism } from "node:os";

/** The core of what is measured, and the core of all that serves to measure it. */
export const MEASURED_CORE = 0;
export const OTHER_CORE = 1;

/** A command that keeps to one core, where there are several to keep apart. */
export function pinned(
  core: number | undefined,
  command: string,
  args: readonly string[],
): [string, ...string[]] {
  if (core === undefined || availableParallelism() < 2 || process.platform !== "linux")
    return [command, ...args];
  return ["taskset", "-c", String(core), command, ...args];
}
