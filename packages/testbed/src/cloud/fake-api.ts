import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A request, whole. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** An answer. A body that is not bytes is sent as JSON. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A local server in a vendor's place. */
export interface FakeApi {
  readonly port: number;
  readonly url: string;
  /** Each request as `METHOD path`. */
  readonly requests: string[];
  /** Requests that the vendor's API does not document. */
  readonly violations: string[];
  close(): Promise<void>;
}

/** Thrown by a handler for a request that the vendor's API does not document. */
export class Violation extends Error {}

/** Starts a server that closes each connection after one answer. */
export async function startFakeApi(handle: (request: ApiRequest) => ApiAnswer): Promise<FakeApi> {
  const requests: string[] = [];
  const violations: string[] = [];

  async function answer(incoming: IncomingMessage): Promise<ApiAnswer> {
    const body = await buffer(incoming);
    const { pathname, searchParams } = new URL(incoming.url ?? "/", "http://localhost");
    const { method = "GET", headers } = incoming;
    requests.push(`${method} ${pathname}`);
    try {
      return handle({ method, path: pathname, query: searchParams, headers, body });
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      violations.push(`${method} ${pathname}: ${error.message}`);
      return {
        status: 400,
        body: { msg: "Bad request", errors: [{ code: 1, message: error.message }] },
      };
    }
  }

  async function send(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { status, headers = {}, body } = await answer(incoming);
    const isBytes = Buffer.isBuffer(body);
    const bytes = isBytes ? body : Buffer.from(JSON.stringify(body));
    outgoing.writeHead(status, {
      "content-type": isBytes ? "application/octet-stream" : "application/json",
      "content-length": bytes.length,
      connection: "close",
      ...headers,
    });
    outgoing.end(bytes);
  }

  const server = createServer((incoming, outgoing) => {
    void send(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    requests,
    violations,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
