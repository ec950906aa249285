import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A way in which a server answers wrongly. */
export type Breakage =
  | "empty"
  | "too-many"
  | "unavailable"
  | "hanging"
  | "truncated"
  | "huge"
  | "other-type"
  | "garbage"
  | "expired"
  | "redirected"
  | "dropped";

const MEGABYTE = Buffer.alloc(1024 * 1024, "#\n");

const BROKEN: Readonly<
  Record<Breakage, (response: ServerResponse, type: string, body: string) => void>
> = {
  empty: (response, type) => response.writeHead(200, { "content-type": type }).end(),
  "too-many": (response) => response.writeHead(429, { "retry-after": "7" }).end("slow down"),
  unavailable: (response) => response.writeHead(503).end("unavailable"),
  hanging: () => {},
  truncated(response, type, body) {
    response.writeHead(200, { "content-type": type, "content-length": String(body.length) });
    response.write(body.slice(0, body.length / 2), () => response.destroy());
  },
  huge(response, type) {
    response.writeHead(200, { "content-type": type });
    let left = 100;
    const more = (): void => {
      while (left > 0 && !response.destroyed) {
        left -= 1;
        if (!response.write(MEGABYTE)) return void response.once("drain", more);
      }
      response.end();
    };
    more();
  },
  "other-type": (response, _, body) =>
    response.writeHead(200, { "content-type": "text/html" }).end(body),
  garbage: (response, type) =>
    response.writeHead(200, { "content-type": type }).end("\u0000{]\n<html>\n"),
  expired: (response) => response.writeHead(401).end("the token expired"),
  redirected: (response) => response.writeHead(302, { location: "/elsewhere" }).end(),
  dropped: (response) => response.destroy(),
};

/** A server whose answers a test can break. */
export interface BreakableServer {
  readonly url: string;
  /** `null`: it answers well again. */
  breakDown(how: Breakage | null): void;
  /** Shifts the clock that its answers show. */
  shiftClock(ms: number): void;
  close(): Promise<void>;
}

/** Starts a server on a free port that gives one media type. */
export async function startBreakableServer(
  type: string,
  answer: (request: IncomingMessage, body: string) => string,
): Promise<BreakableServer> {
  let broken: Breakage | null = null;
  let shiftMs = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = answer(request, Buffer.concat(chunks).toString());
      response.setHeader("date", new Date(Date.now() + shiftMs).toUTCString());
      if (broken !== null) BROKEN[broken](response, type, body);
      else response.writeHead(200, { "content-type": type }).end(body);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    breakDown: (how) => void (broken = how),
    shiftClock: (ms) => void (shiftMs = ms),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
