import type { LogLine } from "./runtime.ts";

/**
 * Takes lines of a log. Those that are JSON count: the others are the platform's own, or of several
 * requests that were written at once.
 */
export function collectLog(): {
  readonly log: LogLine[];
  readonly collect: (line: string) => void;
} {
  const log: LogLine[] = [];
  return {
    log,
    collect(line) {
      try {
        log.push(JSON.parse(line) as LogLine);
      } catch {
        // Not one JSON value.
      }
    },
  };
}
