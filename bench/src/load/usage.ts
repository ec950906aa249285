import { readFileSync } from "node:fs";

/** Clock ticks a second, as Linux counts CPU time. */
const TICKS_PER_SECOND = 100;

/** What a process and those that it has started have used so far. */
export interface Usage {
  /** User and system time, in seconds. */
  readonly cpuSeconds: number;
  /** The largest and the present resident set, in megabytes, added up. */
  readonly peakMegabytes: number;
  readonly megabytes: number;
}

/** Reads the usage of a process that runs, and of its children; all 0 where it cannot be read. */
export function usageOf(pid: number): Usage {
  let usage = { cpuSeconds: 0, peakMegabytes: 0, megabytes: 0 };
  for (const each of processesOf(pid)) {
    try {
      const status = readFileSync(`/proc/${each}/status`, "utf8");
      // The name, in parentheses, may have spaces.
      const fields = readFileSync(`/proc/${each}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
      usage = {
        cpuSeconds: usage.cpuSeconds + (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
        peakMegabytes: usage.peakMegabytes + megabytesIn(status, "VmHWM"),
        megabytes: usage.megabytes + megabytesIn(status, "VmRSS"),
      };
    } catch {
      // It has ended, or this is not Linux.
    }
  }
  return usage;
}

/** The resident set of a process at present, without that of its children, in megabytes; 0 where it cannot be read. */
export function ownMegabytes(pid: number): number {
  try {
    return megabytesIn(readFileSync(`/proc/${pid}/status`, "utf8"), "VmRSS");
  } catch {
    return 0;
  }
}

/** A process, and those that it and its children have started. */
export function processesOf(pid: number): number[] {
  const found = [pid];
  for (const each of found) {
    try {
      const children = readFileSync(`/proc/${each}/task/${each}/children`, "utf8");
      found.push(...children.split(" ").filter(Boolean).map(Number));
    } catch {
      // It has ended.
    }
  }
  return found;
}

function megabytesIn(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0) / 1024;
}
