import { createJsonLogger, parseLogThreshold } from "@edgezero/gateway";
import type { Logger } from "@edgezero/rollout";

/**
 * A logger that writes one-line JSON to the console, which Workers Logs reads as fields.
 *
 * @param level The var `LOG_LEVEL`; one that is not known is `info`.
 */
export function createLogger(level: string): Logger {
  const threshold = parseLogThreshold(level);
  // `console.log` for every level: the local console decorates the others.
  return createJsonLogger({ threshold: () => threshold, write: (line) => console.log(line) });
}
