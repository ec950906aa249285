import { valueThat } from "./rules.ts";
import { defineSetting } from "./setting.ts";

/** The levels that a log can be set to, lowest first. Lines have debug to error; silent writes no line. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** The lowest level that is written. */
export type LogThreshold = (typeof LOG_LEVELS)[number];

/** The level of the log. */
export const LOG_LEVEL = defineSetting({
  name: "LOG_LEVEL",
  ...valueThat(
    (text) => findLevel(text) !== undefined,
    (text) => findLevel(text) ?? "info",
    `one of ${LOG_LEVELS.join(", ")}`,
  ),
  default: "info",
  meaning:
    "The lowest level of the log, in any case. `debug` has lines for each request; `fatal` and `silent` also hide errors.",
});

function findLevel(text: string): LogThreshold | undefined {
  const asked = text.toLowerCase();
  return LOG_LEVELS.find((level) => level === asked);
}
