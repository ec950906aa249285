import { join } from "node:path";
import { fileLease } from "@edgezero/operations/journal/file/file-lease";
import type { Lease } from "@edgezero/stores/lease";
import type { OperatorStore } from "@edgezero/stores/operator-store";
import { unavailableFile, withUnavailable } from "../notify/told-unavailable.ts";
import { sharedState } from "../state/shared-state.ts";
import type { StateFile } from "../state/state-file.ts";
import { stateFile } from "../state/state-file.ts";

/** Where the controllers of one environment meet, and what the one that leads keeps there. */
export interface LeadPlace {
  readonly lease: Lease;
  /** How long a term lasts that is not renewed, in milliseconds; `null` where it lasts as long as its process. */
  readonly termMs: number | null;
  /** What is kept in a term, by its fence. */
  readonly kept: (fence: string) => { readonly state: StateFile; readonly notify: StateFile };
}

/**
 * The store itself, where it refuses what a former leader writes. Anywhere else a file of this host: then
 * only controllers of one host and one folder know of each other.
 */
export function leadPlaceOf(
  { leadership, location }: Pick<OperatorStore, "leadership" | "location">,
  folder: string,
  name: string,
): LeadPlace {
  const state = stateFile(join(folder, `${name}.json`));
  const notify = stateFile(join(folder, `${name}.notify.json`));
  if (leadership === null || leadership === undefined) {
    const lease = fileLease(join(folder, `${name}.lease`));
    return { lease, termMs: null, kept: () => ({ state, notify }) };
  }
  const told = unavailableFile(folder, name, location);
  return {
    lease: leadership.lease,
    termMs: leadership.termMs,
    kept: (fence) => ({
      state: sharedState(leadership.record("state", fence), state),
      notify: withUnavailable(sharedState(leadership.record("notify", fence), notify), told),
    }),
  };
}
