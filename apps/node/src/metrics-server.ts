import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { listen } from "./server.ts";

/** The endpoint that shows the metrics. */
export interface MetricsServer {
  readonly url: string;
  close(): void;
}

/**
 * Answers `GET /metrics` on a port of its own, which clients of the site should not reach. Rejects
 * when the address cannot be had.
 */
export async function startMetricsServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  port: number,
  host: string,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    if (request.url?.split("?")[0] !== "/metrics") {
      response
        .writeHead(404, { "content-type": "text/plain" })
        .end("404 Not Found: see /metrics\n");
    } else if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { allow: "GET, HEAD" }).end();
    } else {
      answer(request, response);
    }
  });
  const url = `${await listen(server, port, host)}/metrics`;
  return {
    url,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
