/** The part of requests that fails on both paths while all is well, as on real sites. */
export const USUAL_ERRORS = 0.005;

/** The part of EdgeZero's requests that fails where it is broken a little. */
export const SOME_ERRORS = 0.05;

/** Everything that a fault changes. */
export interface Conditions {
  /** The part of requests that legacy answers with an error, 0 to 1. */
  readonly legacyErrors: number;
  readonly edgezeroErrors: number;
  /** By how much EdgeZero answers later than legacy, in milliseconds. */
  readonly edgezeroDelayMs: number;
  /** Whether one client, which sends a lot, gets only errors from EdgeZero. */
  readonly hasBadClient: boolean;
  readonly hasTraffic: boolean;
  /** Whether the controller reaches the gateway's metrics. */
  readonly hasSource: boolean;
  /** Whether the store has the percentage. */
  readonly hasKey: boolean;
}

export const HEALTHY: Conditions = {
  legacyErrors: USUAL_ERRORS,
  edgezeroErrors: USUAL_ERRORS,
  edgezeroDelayMs: 0,
  hasBadClient: false,
  hasTraffic: true,
  hasSource: true,
  hasKey: true,
};

export type FaultName =
  | "some-errors"
  | "all-errors"
  | "slow"
  | "one-client"
  | "both"
  | "no-traffic"
  | "no-source"
  | "no-key";

/** A fault that a visitor can begin. */
export interface Fault {
  /** The heading over its button. */
  readonly group: FaultGroup;
  /** The text on its button. */
  readonly label: string;
  /** A sentence about what is wrong while it is on, and nothing about what becomes of it. */
  readonly about: string;
  readonly conditions: Conditions;
}

export type FaultGroup = "Break EdgeZero" | "Break both" | "Take away";

/** In the order of their buttons. */
export const FAULTS: Readonly<Record<FaultName, Fault>> = {
  "some-errors": {
    group: "Break EdgeZero",
    label: "5% errors",
    about: "EdgeZero answers 5% of requests with a 500.",
    conditions: { ...HEALTHY, edgezeroErrors: SOME_ERRORS },
  },
  "all-errors": {
    group: "Break EdgeZero",
    label: "All errors",
    about: "EdgeZero answers every request with a 500.",
    conditions: { ...HEALTHY, edgezeroErrors: 1 },
  },
  slow: {
    group: "Break EdgeZero",
    label: "Slow",
    about: "EdgeZero takes 150 ms longer than before.",
    conditions: { ...HEALTHY, edgezeroDelayMs: 150 },
  },
  "one-client": {
    group: "Break EdgeZero",
    label: "One bad client",
    about:
      "One client sends 4 more requests a second, and EdgeZero answers each of them with a 500.",
    conditions: { ...HEALTHY, hasBadClient: true },
  },
  both: {
    group: "Break both",
    label: "20% errors",
    about: "Legacy and EdgeZero both answer 20% of requests with a 500.",
    conditions: { ...HEALTHY, legacyErrors: 0.2, edgezeroErrors: 0.2 },
  },
  "no-traffic": {
    group: "Take away",
    label: "The traffic",
    about: "No client sends a request.",
    conditions: { ...HEALTHY, hasTraffic: false },
  },
  "no-source": {
    group: "Take away",
    label: "The source",
    about: "The controller does not reach the gateway's metrics.",
    conditions: { ...HEALTHY, hasSource: false },
  },
  "no-key": {
    group: "Take away",
    label: "The key",
    about: "Someone deleted edgezero_rollout_pct from the store.",
    conditions: { ...HEALTHY, hasKey: false },
  },
};

/** The fault that is on now, which every part of the site asks for; `null`: all is well. */
export interface Site {
  fault: FaultName | null;
}

export function conditionsOf({ fault }: Site): Conditions {
  return fault === null ? HEALTHY : FAULTS[fault].conditions;
}
