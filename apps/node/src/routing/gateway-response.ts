import type { OutgoingHttpHeaders } from "node:http";
import { ServerResponse } from "node:http";

/**
 * A server response with headers that only the gateway sets: they replace what a handler has set
 * under their names, in any spelling.
 *
 * They are written where the headers are written, which costs next to nothing. Set on a handler's
 * `Response`, they would make `@hono/node-server` build and walk a `Headers` object for each request.
 */
export class GatewayResponse extends ServerResponse {
  /** Whether what the response is made of broke off, so that the client got only a part. */
  isBrokenOff = false;
  readonly #names: string[] = [];
  readonly #values: string[] = [];

  /**
   * Sets one of the gateway's headers, as `Headers.set` would.
   *
   * @param name In lower case.
   */
  set(name: string, value: string): void {
    const known = this.#names.indexOf(name);
    const index = known < 0 ? this.#names.length : known;
    this.#names[index] = name;
    this.#values[index] = value;
  }

  override writeHead(status: number, ...rest: unknown[]): this {
    const headers = rest.at(-1);
    // Raw headers are those of an origin's response, which has the gateway's among them.
    if (this.#names.length === 0 || Array.isArray(headers)) {
      return super.writeHead(status, ...(rest as []));
    }
    const all: OutgoingHttpHeaders = {};
    for (const name in headers as OutgoingHttpHeaders) {
      if (!this.#isReplaced(name)) all[name] = (headers as OutgoingHttpHeaders)[name];
    }
    this.#names.forEach((name, i) => (all[name] = this.#values[i]));
    return super.writeHead(status, all);
  }

  #isReplaced(name: string): boolean {
    return this.#names.some(
      (replaced) => name.length === replaced.length && name.toLowerCase() === replaced,
    );
  }
}
