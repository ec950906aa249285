import type { Command, Explanation, PageReason, PhaseName } from "@edgezero/progression";

/** Every value of a set of words, so that the compiler finds one that is missing. */
type Words<Word extends string> = { readonly [Each in Word]: Each };

/**
 * A rollout's state as it is shown. `unavailable`: the controller cannot run it, and knows no more of it.
 * `following`: another controller leads it, and this one stands by.
 */
export type ViewState = PhaseName | "unavailable" | "following";

/** The states of a rollout. */
export const PHASES: Words<PhaseName> = {
  idle: "idle",
  "warming-up": "warming-up",
  propagating: "propagating",
  observing: "observing",
  held: "held",
  "awaiting-approval": "awaiting-approval",
  paused: "paused",
  "rolling-back": "rolling-back",
  "rolled-back": "rolled-back",
  "rollback-unverified": "rollback-unverified",
  completed: "completed",
};

/** The states that are shown of a rollout. */
export const STATES: Words<ViewState> = {
  ...PHASES,
  unavailable: "unavailable",
  following: "following",
};

/** Why a rollout can be held. */
export type Held = Explanation["held"][number];

export const HELD: Words<Held> = {
  drifted: "drifted",
  fault: "fault",
  "one-client": "one-client",
  breach: "breach",
  incident: "incident",
  "legacy-down": "legacy-down",
  "no-legacy": "no-legacy",
  blind: "blind",
  "no-traffic": "no-traffic",
  routing: "routing",
  unseen: "unseen",
  share: "share",
  propagation: "propagation",
};

/** Why a rollout is not further. */
export type Reason = NonNullable<Explanation["reason"]>;

export const REASONS: Words<Reason> = {
  ...HELD,
  held: "held",
  paused: "paused",
  raising: "raising",
  propagating: "propagating",
  missing: "missing",
  "warming-up": "warming-up",
  store: "store",
  freeze: "freeze",
  requests: "requests",
  thin: "thin",
  "not-proven": "not-proven",
  hold: "hold",
  approval: "approval",
};

/** Why someone is woken up. */
export const PAGE_REASONS: Words<PageReason> = {
  ...HELD,
  "not-written": "not-written",
  "rollback-unverified": "rollback-unverified",
};

/** Why someone is woken up, as it is shown: also where the controller cannot run a rollout at all. */
export const SHOWN_PAGE_REASONS: Words<PageReason | "unavailable"> = {
  ...PAGE_REASONS,
  unavailable: "unavailable",
};

/** What an operator can ask a controller for. */
export const COMMANDS: Words<Command["name"]> = {
  start: "start",
  pause: "pause",
  resume: "resume",
  approve: "approve",
  promote: "promote",
  rollback: "rollback",
  reset: "reset",
};
