import type { OutgoingHttpHeaders } from "node:http";
import { ServerResponse } from "node:http";

/**
 * A server response with headers that only the gateway sets. They replace those that a handler sets
 * under the same names, in any spelling.
 *
 * They are added when the headers are written, which costs next to nothing. Set on a handler's
 * `Response`, they would make `@hono/node-server` build and walk a `Headers` object for each request.
 */
export class GatewayResponse extends ServerResponse {
  /** Set when the source of the body breaks off: the client received only a part. */
  isBrokenOff = false;
  readonly #names: string[] = [];
  /** `undefined` for a header that no handler may set. */
  readonly #values: (string | undefined)[] = [];

  /**
   * Sets one of the gateway's headers, like `Headers.set`, or takes it off where there is no value.
   *
   * @param name In lower case.
   */
  set(name: string, value: string | undefined): void {
    const known = this.#names.indexOf(name);
    const index = known < 0 ? this.#names.length : known;
    this.#names[index] = name;
    this.#values[index] = value;
  }

  override writeHead(status: number, ...rest: unknown[]): this {
    const headers = rest.at(-1);
    // Raw headers are an origin's, which already contain the gateway's.
    if (this.#names.length === 0 || Array.isArray(headers)) {
      return super.writeHead(status, ...(rest as []));
    }
    const all: OutgoingHttpHeaders = {};
    for (const name in headers as OutgoingHttpHeaders) {
      if (!this.#isReplaced(name)) all[name] = (headers as OutgoingHttpHeaders)[name];
    }
    this.#names.forEach((name, i) => {
      if (this.#values[i] !== undefined) all[name] = this.#values[i];
    });
    return super.writeHead(status, all);
  }

  #isReplaced(name: string): boolean {
    return this.#names.some(
      (replaced) => name.length === replaced.length && name.toLowerCase() === replaced,
    );
  }
}
