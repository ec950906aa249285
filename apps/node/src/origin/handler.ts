import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestHandler, RolloutClient } from "@edgezero/rollout";
import type { OriginResponse } from "./response.ts";

/** The response to the client, as far as an origin writes it. The router owns the class. */
export interface Outgoing extends ServerResponse {
  /** Set when an origin breaks off in the middle of a body: the client received only a part. */
  isBrokenOff: boolean;
}

/** The client of one request: who asked, the request as it came, and where the answer goes. */
export interface PathClient extends RolloutClient {
  readonly incoming: IncomingMessage;
  readonly outgoing: Outgoing;
}

/** A body that an origin is still sending, and that waits for its headers to be written. */
export interface OriginBody {
  /** Sends the body after headers that are written but not yet sent. Call it once. */
  sendBody(): void;
}

/** An origin's answer to a request. Its body is `null` where the response ends with its headers. */
export type OriginAnswer = OriginResponse<OriginBody | null>;

/** A path's handler, on Node. */
export type PathHandler = RequestHandler<Request, PathClient, Response | OriginAnswer>;
