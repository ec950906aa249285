import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";

/**
 * The values of the rollout's keys for the log, each quoted and cut, or `absent`.
 *
 * @param find Finds the value of a key, `undefined` where it is absent.
 */
export function shownValues(find: (key: string) => unknown): Record<string, string> {
  const show = (key: string): string => {
    const value = find(key);
    return value === undefined ? "absent" : JSON.stringify(value).slice(0, 80);
  };
  return {
    [EDGEZERO_ENABLED_KEY]: show(EDGEZERO_ENABLED_KEY),
    [EDGEZERO_ROLLOUT_PCT_KEY]: show(EDGEZERO_ROLLOUT_PCT_KEY),
  };
}
