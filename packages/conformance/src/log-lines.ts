import type { EventLine, LogLine } from "./runtime.ts";

/** What Viceroy puts before a line for an endpoint; lines of requests at once may lack their ends. */
const ENDPOINT = /edgezero(?:-events)? :: /;

/**
 * Takes lines of a log, and apart from them those of events. Those that are JSON count: the others
 * are the platform's own, or of several requests that were written at once.
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
    collect(output) {
      for (const line of output.split(ENDPOINT)) {
        try {
          const entry = JSON.parse(line) as LogLine;
          if (entry["type"] === "edgezero-decision") events.push(entry as EventLine);
          else log.push(entry);
        } catch {
          // Not one JSON value.
        }
      }
    },
  };
}
