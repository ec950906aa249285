import type { ResponseLike } from "@edgezero/rollout";
import type { GatewayResponse } from "./gateway-response.ts";

/** A handler's `Response` on its way through the core, which is left as it is. */
export class WebResponse implements ResponseLike {
  readonly response: Response;
  readonly status: number;
  readonly body = null;
  /** The response's headers, but what is set goes to the server's response. */
  readonly headers: this = this;
  readonly #outgoing: GatewayResponse;

  constructor(response: Response, outgoing: GatewayResponse) {
    this.response = response;
    this.status = response.status;
    this.#outgoing = outgoing;
  }

  /** As `Headers.get`, of what the handler has set. */
  get(name: string): string | null {
    return this.response.headers.get(name);
  }

  /** As `Headers.set`. */
  set(name: string, value: string): void {
    this.#outgoing.set(name, value);
  }
}
