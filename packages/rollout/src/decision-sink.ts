import type { Decision } from "./decide.ts";

/** What became of one routed request. Carries neither the client's address nor the URL. */
export interface DecisionEvent extends Decision {
  /** The status of the response, or `null` when the handler threw. */
  readonly status: number | null;
}

/**
 * Gets one event for each routed request, once its response has headers. Never awaited; a sink
 * that throws or rejects changes nothing.
 */
export type DecisionSink = (event: DecisionEvent) => void;
