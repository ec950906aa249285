import type { RolloutReason } from "../reasons.ts";
import type { RolloutPath } from "../rollout-path.ts";

/** The version of the schema of {@link DecisionEvent}; `docs/events.md` says when it is raised. */
export const EVENT_VERSION = 1;

/**
 * What became of a request.
 *
 * - `ok`: the response is there, or was sent where the runtime can tell; any status below 500
 * - `error`: the handler threw, the status is 500 or more, or the response broke off, where the
 *   runtime can tell
 * - `timeout`: the status is 504
 * - `aborted`: the client went away before the response was sent, where the runtime can tell
 */
export type Outcome = "ok" | "error" | "timeout" | "aborted";

/**
 * Why a request says nothing about its path.
 *
 * - `forced`: a tester chose the path
 * - `health`: a health check that reached a handler, such as a `POST` request
 * - `no-client-address`: its bucket is that of the empty key, not a client's
 */
export type Exclusion = "forced" | "health" | "no-client-address";

/**
 * Why a gateway answered in its origin's place, or broke a response off.
 *
 * - `refused`: the origin refused the connection
 * - `unreachable`: no way leads to the origin's address
 * - `dns`: the origin's name has no address, or could not be looked up
 * - `tls`: the connection could not be secured, for instance by an expired certificate
 * - `timeout`: the origin was silent for too long, while connecting, answering or sending
 * - `reset`: the connection broke before the whole response was there
 * - `malformed`: the origin's answer is not valid HTTP
 * - `busy`: the request would have had to wait too long for a connection
 * - `loop`: the origin is the gateway itself
 * - `gateway`: the gateway itself lacks files, ports or memory
 * - `other`: anything else
 */
export type OriginFault =
  | "refused"
  | "unreachable"
  | "dns"
  | "tls"
  | "timeout"
  | "reset"
  | "malformed"
  | "busy"
  | "loop"
  | "gateway"
  | "other";

/**
 * One routed request. Carries neither the client's address nor anything of the URL.
 *
 * What is said here is the documentation: `scripts/document-events.ts` writes it to
 * `docs/events.md`.
 */
export interface DecisionEvent {
  /** The version of this schema. */
  readonly version: typeof EVENT_VERSION;
  /** When the response's headers were there, in milliseconds since 1970. */
  readonly time: number;
  /** The site or service, as its operator calls it. */
  readonly service: string;
  /** Where the gateway ran: `node`, `cloudflare`, `fastly` or `nginx`. */
  readonly runtime: string;
  /** The path that the request was assigned, also where that path failed. */
  readonly path: RolloutPath;
  /** Why it was assigned that path. */
  readonly reason: RolloutReason;
  /** The percentage in force, 0 to 100; 0 where none was read or valid. */
  readonly rolloutPct: number;
  /** The client's bucket, 0 to 99; `null` where no bucket decided. */
  readonly bucket: number | null;
  /**
   * Names the two config values that decided, as they are stored, in 1 to 8 hexadecimal digits:
   * `RolloutState.epoch`.
   */
  readonly epoch: string;
  /** The status of the response, or `null` when the handler threw. */
  readonly status: number | null;
  /** What became of the request. */
  readonly outcome: Outcome;
  /**
   * The fault for which the gateway answered in the origin's place, or broke the response off; `null`
   * where there was no such fault, or where the runtime cannot tell.
   */
  readonly error: OriginFault | null;
  /** From the decision to the headers of the path's response, in milliseconds. */
  readonly durationMs: number;
  /**
   * From the decision to the last byte, in milliseconds; `null` where that was not sent, or where
   * the runtime cannot tell.
   */
  readonly lastByteMs: number | null;
  /** Why this request is no evidence about its path; `null` where it is. */
  readonly excluded: Exclusion | null;
  /** How many requests this event stands for, 1 or more: 1 over the sample rate. */
  readonly weight: number;
}

/**
 * Gets one event for each routed request. Never awaited on the request's way; what it throws or
 * rejects with is counted as a dropped event. An edge runtime may end what is still under way once
 * the response is sent: a sink that sends should buffer, and flush in the entry's `waitUntil`.
 */
export type EventSink = (event: DecisionEvent) => void | Promise<void>;

/** What became of a request that had this status, or `null` when its handler threw. */
export function outcomeOf(status: number | null): Outcome {
  if (status === 504) return "timeout";
  // `Response.error()` has the status 0.
  return status !== null && status >= 100 && status < 500 ? "ok" : "error";
}
