import type { EnvironmentView } from "./environment-view.ts";

/** What is known of an environment that a controller cannot run. */
export interface UnavailableFacts {
  readonly name: string;
  /** Why it cannot run, as a sentence without its full stop. */
  readonly why: string;
  /** What an operator has to do, as the end of a sentence that begins with "waits for". */
  readonly waitsFor: string;
  /** The store, without credentials; `null` where it is not known. */
  readonly store: string | null;
  /** In milliseconds of the epoch. */
  readonly since: number;
  readonly at: number;
}

/**
 * The view of an environment that a controller cannot run: nothing guards it there, and it pages. Every
 * value that only a running rollout would know is `null` or empty. Pure.
 */
export function unavailableView(facts: UnavailableFacts): EnvironmentView {
  const { name, why, waitsFor, store, since, at } = facts;
  const incident = `unavailable-${since}`;
  return {
    name,
    store,
    at,
    state: "unavailable",
    reason: null,
    reasons: [],
    held: [],
    stage: null,
    pct: null,
    epoch: null,
    storeUnreadSince: null,
    observedShare: null,
    legacyBy: null,
    sentence: `The controller cannot run this environment, and guards nothing in it: ${why}.`,
    waitsFor,
    leftMs: null,
    next: null,
    signals: [],
    rail: [],
    rollback: null,
    pages: [{ incident, reason: "unavailable", since, at: since }],
    sources: [],
    timeline: [],
  };
}
