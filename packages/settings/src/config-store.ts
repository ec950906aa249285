import type { Finding } from "./finding.ts";
import { LONGEST_TIMER_MS, textThat, wholeNumber } from "./rules.ts";
import { defineSetting } from "./setting.ts";

/** How long a Node gateway goes on without reading its config store. */
export const CONFIG_MAX_AGE_MS = defineSetting({
  name: "CONFIG_MAX_AGE_MS",
  ...wholeNumber(1000, LONGEST_TIMER_MS),
  default: "30000",
  meaning:
    "How long the last values stand while the config store is out of reach or a read of it fails, in milliseconds; then all requests go to legacy. For as long such a gateway may not see a rollback. A store that is read as absent or invalid, such as a file that is deleted, counts at once.",
});

/** The file in which a Node gateway keeps the last values for its next start. */
export const CONFIG_LAST_VALUES_FILE = defineSetting({
  name: "CONFIG_LAST_VALUES_FILE",
  ...textThat((text) => text.trim() !== "" && !text.includes("\0"), "the path of a file"),
  default: null,
  meaning:
    "A file in which the last values are kept, on a disk that outlives the process, in a folder that nobody else may write. A gateway that starts while its config store is out of reach goes by them, instead of legacy. One file for each gateway; each of several workers adds its number to the name. Set with `CONFIG_LAST_VALUES_MAX_AGE_MS`, or neither.",
});

/** How old the values in that file may be. */
export const CONFIG_LAST_VALUES_MAX_AGE_MS = defineSetting({
  name: "CONFIG_LAST_VALUES_MAX_AGE_MS",
  ...wholeNumber(1000, LONGEST_TIMER_MS),
  default: null,
  meaning:
    "How old the values in `CONFIG_LAST_VALUES_FILE` may be, in milliseconds since they were last read from the store; then all requests go to legacy. **Danger**: a rollback that was made while the gateway was down goes unseen for as long, if the store is still out of reach.",
});

/**
 * Refuses one of the two settings of the last values without the other: nobody would have decided how
 * long they may be used.
 *
 * @param given The names of the settings that have a text, valid or not.
 */
export function findMissingLastValues(given: ReadonlySet<string>): Finding | null {
  const names = [CONFIG_LAST_VALUES_FILE.name, CONFIG_LAST_VALUES_MAX_AGE_MS.name];
  const missing = names.filter((name) => !given.has(name));
  const [setting] = missing;
  if (setting === undefined || missing.length === names.length) return null;
  const message = `${setting} is not set: ${names.join(" and ")} must be set both, or neither`;
  return { setting, message };
}

/** How long an isolate of a Worker goes by what it has read. */
export const CONFIG_MAX_AGE_MS_OF_KV = defineSetting({
  name: "CONFIG_MAX_AGE_MS",
  ...wholeNumber(0, 600_000),
  default: "5000",
  meaning:
    "How long an isolate goes by the values that it last read, in milliseconds. At 0 every request reads KV. A rollback takes at most this much longer than KV itself takes.",
});
