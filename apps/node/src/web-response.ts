import type { ResponseLike } from "@edgezero/rollout";
import type { GatewayResponse } from "./gateway-response.ts";

/** A handler's `Response` on its way through the core, which is left as it is. */
export class WebResponse implements ResponseLike {
  readonly response: Response;
  readonly status: number;
  readonly body = null;
  /** Where the core sets the path header: with the server's response, not with the handler's. */
  readonly headers: GatewayResponse;

  constructor(response: Response, outgoing: GatewayResponse) {
    this.response = response;
    this.status = response.status;
    this.headers = outgoing;
  }
}
