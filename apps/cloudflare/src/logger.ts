import { createJsonLogger } from "@edgezero/gateway";
import type { Logger } from "@edgezero/rollout";
import type { LogThreshold } from "@edgezero/settings";

/** A logger that writes one-line JSON to the console, which Workers Logs reads as fields. */
export function createLogger(level: LogThreshold): Logger {
  // `console.log` for every level: the local console decorates the others.
  return createJsonLogger({ threshold: () => level, write: (line) => console.log(line) });
}
