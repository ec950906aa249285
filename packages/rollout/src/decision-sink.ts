import type { Decision } from "./decide.ts";

/** What became of one routed request. Carries neither the client's address nor the URL. */
export interface DecisionEvent extends Decision {
  /** The status of the response, or `null` when the handler threw. */
  readonly status: number | null;
}

/**
 * Gets one event for each routed request, once its response has headers. Never awaited; a sink
 * that throws or rejects changes nothing. An edge runtime may end what is still under way once the
 * response is sent: a sink that sends should buffer, and flush in the entry's `waitUntil`.
 */
export type DecisionSink = (event: DecisionEvent) => void | Promise<void>;
