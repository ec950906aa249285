import type { RolloutPlan, Site } from "@edgezero/progression";
import type { Logger } from "@edgezero/rollout";
import type { Holder } from "@edgezero/stores/coordination";
import type { Place } from "../effects/place.ts";
import type { DayFiles } from "../history/day-files.ts";
import type { OpenSources } from "../loop/askers.ts";
import type { Clock } from "../loop/clock.ts";
import type { Prober } from "../loop/probe-round.ts";
import type { StateFile } from "../state/state-file.ts";

/** Everything that one rollout needs. */
export interface RolloutParts {
  readonly name: string;
  readonly place: Place;
  readonly plan: RolloutPlan;
  readonly site: Site;
  readonly sources: OpenSources;
  /** `null` where no probe can be signed, or no gateway is named. */
  readonly prober: Prober | null;
  readonly file: StateFile;
  readonly history: DayFiles;
  readonly clock: Clock;
  readonly logger: Logger;
  /**
   * How long gateways may take to prove a 0, in milliseconds. Twice the propagation, and at least 10 s, unless
   * given.
   */
  readonly proofMs?: number | undefined;
  /** The controller that led before and did not say that it ends; absent or `null` where there was none. */
  readonly takenFrom?: Holder | null | undefined;
}
