import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { messageOf } from "@edgezero/faults/faults";
import { inTurn } from "../client/turns.ts";
import { listen } from "../process/listen.ts";
import { pendingEvents } from "../process/pending-events.ts";
import type { Readiness } from "../process/readiness.ts";
import { readyAnswer } from "../process/readiness.ts";
import { EXPOSITION_TYPE } from "./exposition.ts";

/** Far more than there are scrapers. More connections are refused, so that memory is bounded. */
const MAX_CONNECTIONS = 250;
/** How long a connection may make no progress. A scraper gives up after 10 seconds by itself. */
const IDLE_MS = 10_000;
const TEXT = { "content-type": "text/plain; charset=utf-8" };
const PAGE = { "content-type": EXPOSITION_TYPE };

/** The endpoint that shows the metrics. */
export interface MetricsServer {
  readonly url: string;
  close(): void;
}

/**
 * Answers `GET /metrics`, and `/ready`, on a port of its own, which clients of the site should not reach. A client
 * that does reach it costs the gateway little: each connection gets one answer at a time, and scrapes
 * at the same time share a page. Rejects when it cannot listen at the address.
 */
export async function startMetricsServer(
  makePage: () => Promise<string>,
  readiness: Pick<Readiness, "isReady">,
  port: number,
  host: string,
): Promise<MetricsServer> {
  const sharedPage = oneAtATime(makePage);

  async function answer(response: ServerResponse): Promise<void> {
    try {
      const page = await sharedPage();
      response.writeHead(200, PAGE).end(page);
    } catch (fault) {
      response.writeHead(500, TEXT).end(`500 Internal Server Error: ${messageOf(fault)}\n`);
    }
  }

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url?.split("?")[0];
    if (path !== "/metrics" && path !== "/ready") {
      response.writeHead(404, TEXT).end("404 Not Found: see /metrics\n");
    } else if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { allow: "GET, HEAD" }).end();
    } else if (path === "/ready") {
      const { status, text } = readyAnswer(readiness);
      response.writeHead(status, TEXT).end(text);
    } else {
      void answer(response);
    }
  }

  // A client that sends many requests and reads no answer has one page kept for it, not as many.
  const server = createServer(inTurn(handle, () => {}));
  server.maxConnections = MAX_CONNECTIONS;
  server.timeout = IDLE_MS;
  server.requestTimeout = IDLE_MS;
  const url = `${await listen(server, port, host)}/metrics`;
  return {
    url,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Callers that ask before a run starts share its result; runs never overlap. */
function oneAtATime<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<Made> | undefined;

  async function makeNext(before: Promise<unknown>): Promise<Made> {
    await before;
    await pendingEvents();
    next = undefined;
    return make();
  }

  return () => {
    if (next === undefined) {
      next = makeNext(last);
      last = next.catch(() => {});
    }
    return next;
  };
}
