import type { OutgoingHttpHeaders } from "node:http";
import { ServerResponse } from "node:http";

/**
 * A server response with a header that only the gateway sets: it replaces what a handler has set
 * under that name, in any spelling.
 *
 * It is written where the headers are written, which costs next to nothing. Set on a handler's
 * `Response`, it would make `@hono/node-server` build and walk a `Headers` object for each request.
 */
export class GatewayResponse extends ServerResponse {
  #name = "";
  #value = "";

  /**
   * Sets the gateway's header, as `Headers.set` would.
   *
   * @param name In lower case.
   */
  set(name: string, value: string): void {
    this.#name = name;
    this.#value = value;
  }

  override writeHead(status: number, ...rest: unknown[]): this {
    const headers = rest.at(-1);
    // Raw headers are those of an origin's response, which has the gateway's among them.
    if (this.#name === "" || Array.isArray(headers)) {
      return super.writeHead(status, ...(rest as []));
    }
    const all: OutgoingHttpHeaders = {};
    for (const name in headers as OutgoingHttpHeaders) {
      if (name.length === this.#name.length && name.toLowerCase() === this.#name) continue;
      all[name] = (headers as OutgoingHttpHeaders)[name];
    }
    all[this.#name] = this.#value;
    return super.writeHead(status, all);
  }
}
