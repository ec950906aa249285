import type { RolloutPath } from "../rollout-path.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { RolloutState } from "../rollout-state.ts";
import type { RequestLike } from "../web.ts";
import type { EventSink, OriginFault } from "./decision-event.ts";
import type { DroppedListener } from "./deliver.ts";
import type { SharedCaches } from "./shared-caches.ts";

/** How the sending of a response ended: to its last byte, or not, and then by whose doing. */
export type ResponseEnding = "sent" | "broken-off" | "aborted-by-client";

/** Calls `ended` when the sending of a client's response has ended. Only the first call counts. */
export type EndingWatch<Client> = (client: Client, ended: (ending: ResponseEnding) => void) => void;

/**
 * A path for this one request, for any client, or `null` for the usual decision, which is also made
 * where this throws or rejects. The request waits for it.
 */
export type PathOverride<Req = RequestLike> = (
  request: Req,
  state: RolloutState,
) => MaybePromise<RolloutPath | null>;

/** Settings of {@link createAttribution}. */
export interface AttributionOptions<Req, Client> {
  /** The site or service, as its operator calls it. */
  readonly service: string;
  /** Where the gateway runs: `node`, `cloudflare` or `fastly`. */
  readonly runtime: string;
  /**
   * How much a response says about its decision. `path`, unless given: only the path. `detail`:
   * also the header `x-edgezero-decision`, which tells anyone the percentage, and the client its
   * bucket.
   */
  readonly attribution?: "path" | "detail" | undefined;
  /** Where events go. */
  readonly sinks?: readonly EventSink[] | undefined;
  /** Hears of each event that a sink did not take, once for each such sink. */
  readonly onDropped?: DroppedListener | undefined;
  /** Lets testers choose a path; `createForce` of `@edgezero/rollout/force` makes one. */
  readonly override?: PathOverride<Req> | undefined;
  /** `unchanged` unless given. */
  readonly sharedCaches?: SharedCaches | undefined;
  /**
   * Paths of health checks, by any method, whose events are marked as no evidence; `["/health"]`
   * unless given. Compared with the path as it is encoded in the URL.
   */
  readonly healthPaths?: readonly string[] | undefined;
  /**
   * For a runtime that can tell why it answered in an origin's place. Asked once a response has
   * ended; it must not throw.
   */
  readonly faultOf?: ((client: Client) => OriginFault | null) | undefined;
  /** For a runtime that can tell when a response is sent; the event then waits for that. */
  readonly watchEnding?: EndingWatch<Client> | undefined;
}
