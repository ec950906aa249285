import type { Examined, Values } from "@edgezero/settings";
import { examineSettings, FASTLY_SETTINGS } from "@edgezero/settings";
import { env } from "fastly:env";

/** The settings of the build, as they are found in the program. */
export type FastlySettings = Values<typeof FASTLY_SETTINGS>;

let examined: Examined<typeof FASTLY_SETTINGS> | undefined;

/**
 * Reads the settings, once in a sandbox. They can be read only once there is a request: this file also
 * runs in the build, which refuses those that are not valid. Findings come from a program that another
 * build made.
 */
export function findSettings(): Examined<typeof FASTLY_SETTINGS> {
  return (examined ??= examineSettings(FASTLY_SETTINGS, env));
}
