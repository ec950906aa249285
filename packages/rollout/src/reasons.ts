import type { RolloutPath } from "./rollout-path.ts";

/** The config store did not answer: it failed, took too long, or gave neither text nor `null`. */
export type ReadFault = "store-unavailable" | "flag-unreadable" | "pct-unreadable";

/** The config store holds a valid instruction: off, or a percentage. */
export type ConfiguredReason = "disabled" | "rollback" | "cutover" | "bucket";

/** The read failed, and the last good state still stands (`staleIfErrorMs`). */
export type StaleReason = "stale-disabled" | "stale-rollback" | "stale-cutover" | "stale-bucket";

/** Why a request took its path. {@link REASONS} has the meaning of each. */
export type RolloutReason =
  | ReadFault
  | "pct-absent"
  | "pct-invalid"
  | ConfiguredReason
  | StaleReason
  | "forced";

/** Everything that follows from a reason alone. */
export interface ReasonFacts {
  /** One line for operators. For a fault it is the log line too, before the fault's detail. */
  readonly meaning: string;
  /** The path of every client, or `both` where clients of one URL can get either. */
  readonly path: RolloutPath | "both";
  /**
   * Whether all requests go to legacy because the config store could not be read, or held no valid
   * percentage. An operator has to act.
   */
  readonly isFault: boolean;
  /** Whether the config store answered this read; `null` where the reason comes from no read. */
  readonly wasRead: boolean | null;
  /**
   * The level of the log line behind this reason: that of the fault, of the failed read that a
   * stale state stands in for, or else of the decision.
   */
  readonly level: "debug" | "warn";
  /** The reason while this state stands in for a failed read; absent where it never does. */
  readonly stale?: StaleReason;
}

/** Every reason, with what follows from it. A reason without its row does not compile. */
export const REASONS: Readonly<Record<RolloutReason, ReasonFacts>> = {
  "store-unavailable": {
    meaning: "config store cannot be opened",
    path: "legacy",
    isFault: true,
    wasRead: false,
    level: "warn",
  },
  "flag-unreadable": {
    meaning: "edgezero_enabled cannot be read",
    path: "legacy",
    isFault: true,
    wasRead: false,
    level: "warn",
  },
  "pct-unreadable": {
    meaning: "edgezero_rollout_pct cannot be read",
    path: "legacy",
    isFault: true,
    wasRead: false,
    level: "warn",
  },
  "pct-absent": {
    meaning: "edgezero_rollout_pct key absent, defaulting to 0 (legacy path — fail safe)",
    path: "legacy",
    isFault: true,
    wasRead: true,
    level: "debug",
  },
  "pct-invalid": {
    meaning: "edgezero_rollout_pct is not a whole number from 0 to 100",
    path: "legacy",
    isFault: true,
    wasRead: true,
    level: "warn",
  },
  disabled: {
    meaning: "edgezero_enabled is not on",
    path: "legacy",
    isFault: false,
    wasRead: true,
    level: "debug",
    stale: "stale-disabled",
  },
  rollback: {
    meaning: "edgezero_rollout_pct is 0",
    path: "legacy",
    isFault: false,
    wasRead: true,
    level: "debug",
    stale: "stale-rollback",
  },
  cutover: {
    meaning: "edgezero_rollout_pct is 100",
    path: "edgezero",
    isFault: false,
    wasRead: true,
    level: "debug",
    stale: "stale-cutover",
  },
  bucket: {
    meaning: "edgezero_rollout_pct is 1 to 99",
    path: "both",
    isFault: false,
    wasRead: true,
    level: "debug",
    stale: "stale-bucket",
  },
  "stale-disabled": {
    meaning: "read failed, still disabled",
    path: "legacy",
    isFault: false,
    wasRead: false,
    level: "warn",
  },
  "stale-rollback": {
    meaning: "read failed, still rollback",
    path: "legacy",
    isFault: false,
    wasRead: false,
    level: "warn",
  },
  "stale-cutover": {
    meaning: "read failed, still cutover",
    path: "edgezero",
    isFault: false,
    wasRead: false,
    level: "warn",
  },
  "stale-bucket": {
    meaning: "read failed, still bucket",
    path: "both",
    isFault: false,
    wasRead: false,
    level: "warn",
  },
  forced: {
    meaning: "a tester's token chose the path",
    path: "both",
    isFault: false,
    wasRead: null,
    level: "debug",
  },
};
