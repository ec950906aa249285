import type { EventLine, LogLine } from "./runtime.ts";

/** Viceroy's prefix of a line for an endpoint. Lines of concurrent requests may lack their ends. */
const ENDPOINT = /edgezero(?:-events)? :: /;

/** The texts for endpoints in a line of Viceroy's output, without what goes to standard output alone. */
export function endpointTexts(line: string): string[] {
  return line.split(ENDPOINT).slice(1);
}

/**
 * Collects the lines of a log, and separately those of events. It drops lines that are not JSON: they
 * are the platform's own, or those of several requests mixed up.
 */
export function collectLog(): {
  readonly log: LogLine[];
  readonly events: EventLine[];
  readonly collect: (line: string) => void;
} {
  const log: LogLine[] = [];
  const events: EventLine[] = [];
  return {
    log,
    events,
    collect(line) {
      try {
        const entry = JSON.parse(line) as LogLine;
        if (entry["type"] === "edgezero-decision") events.push(entry as EventLine);
        else log.push(entry);
      } catch {
        // The line is not a single JSON value.
      }
    },
  };
}
