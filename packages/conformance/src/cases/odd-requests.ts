import type { IncomingHttpHeaders } from "node:http";
import { text as textOf } from "node:stream/consumers";
import { beforeAll, describe, expect, test } from "vitest";
import { send, sendLines } from "../http-client.ts";
import type { Runtime } from "../runtime.ts";
import type { OnStage, Stage } from "../stage.ts";
import { allTo } from "../stage.ts";

/** What an origin got of a request. */
interface Got {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const CLIENT = /^(?:127\.0\.0\.1|192\.0\.2\.1)$/;
const HOST = "Host: a.example";
const CLOSE = "Connection: close";
const CHUNKED = "Transfer-Encoding: chunked";

/** Sends a request, which must be served, and gives what the origin got of it. */
async function received(
  { gateway, origins }: Stage,
  lines: readonly string[],
  body = "",
): Promise<Got> {
  const got = Promise.withResolvers<Got>();
  origins.edgezero.handler = async (request, response) => {
    const { method = "", url = "", headers } = request;
    got.resolve({ method, url, headers, body: await textOf(request) });
    response.end("ok");
  };
  origins.edgezero.upgradeHandler = ({ headers }, socket) => {
    got.reject(new Error(`it is an upgrade to ${headers.upgrade}`));
    socket.destroy();
  };
  const [answer, all] = await Promise.all([sendLines(gateway, lines, body), got.promise]);
  expect(answer).toMatch(/HTTP\/1\.1 200 /);
  return all;
}

/** A request that is unusual and valid arrives whole, and changes nothing that the gateway says of it. */
export function describeOddRequests(
  { clients, mostHeaders, seesMethodOfUpgrade }: Runtime,
  onStage: OnStage,
): void {
  const seesMethod = seesMethodOfUpgrade === true;
  const why = seesMethod ? "" : `, not tested: ${seesMethodOfUpgrade}`;
  describe("odd requests", () => {
    beforeAll(async () => onStage().gateway.write(allTo("edgezero")));

    test.each([
      { name: "a length", framing: "Content-Length: 4", body: "body" },
      { name: "chunks", framing: CHUNKED, body: "4\r\nbody\r\n0\r\n\r\n" },
    ])("Connection cannot take $name away from a body", async ({ framing, body }) => {
      const [name = ""] = framing.split(":");
      const lines = ["POST / HTTP/1.1", HOST, framing, `Connection: close, ${name}`];
      expect(await received(onStage(), lines, body)).toMatchObject({
        method: "POST",
        body: "body",
      });
    });

    test("Connection cannot take away what the gateway says", async () => {
      const { headers } = await received(onStage(), [
        "GET / HTTP/1.1",
        HOST,
        "Connection: close, X-Forwarded-For, X-Forwarded-Host, X-Forwarded-Proto, Via, Host, X-One",
        "X-One: 1",
      ]);
      expect(headers["x-forwarded-for"]).toMatch(CLIENT);
      expect([headers["x-forwarded-host"], headers["x-forwarded-proto"]]).toEqual([
        "a.example",
        "http",
      ]);
      expect(headers.via).toMatch(/edgezero-/);
      expect(headers["x-one"]).toBeUndefined();
    });

    // Behind a proxy that passes on a client's Connection, or by the platform's own header.
    const far = clients.find(({ text }) => /^(?!127\.)\d+\./.test(text))?.text;
    test.skipIf(far === undefined)("nor who the client is", async () => {
      const { gateway, origins } = onStage();
      origins.edgezero.handler = ({ headers }, response) => {
        response.end(String(headers["x-forwarded-for"]));
      };
      const headers = { connection: "close, x-forwarded-for, cf-connecting-ip" };
      const { text: chain } = await send(gateway, { clientIp: far ?? "", headers });
      expect(chain.split(", ")[0]).toBe(far);
    });

    test.each(["h2c", "H2C", "websocket, h2c"])(
      "an offer of HTTP/2 is not passed on: %s",
      async (protocol) => {
        const { headers } = await received(onStage(), [
          "GET / HTTP/1.1",
          HOST,
          "Connection: upgrade, http2-settings, close",
          `Upgrade: ${protocol}`,
          "HTTP2-Settings: AAMAAABkAAQAAP__",
        ]);
        expect([headers.upgrade, headers["http2-settings"]]).toEqual([undefined, undefined]);
      },
    );

    test.skipIf(!seesMethod)(
      `a request with a body stays HTTP, whatever upgrade it asks for${why}`,
      async () => {
        const lines = [
          "POST / HTTP/1.1",
          HOST,
          "Connection: upgrade, close",
          "Upgrade: websocket",
          "Content-Length: 4",
        ];
        expect(await received(onStage(), lines, "body")).toMatchObject({
          method: "POST",
          body: "body",
        });
      },
    );

    test("trailers are no headers", async () => {
      const lines = ["POST / HTTP/1.1", HOST, CHUNKED, "Trailer: X-Real-IP, X-T", CLOSE];
      const body = "4\r\nbody\r\n0\r\nX-Real-IP: 6.6.6.6\r\nX-T: 1\r\n\r\n";
      const got = await received(onStage(), lines, body);
      expect(got.body).toBe("body");
      expect([got.headers["x-real-ip"], got.headers["x-t"]]).toEqual([undefined, undefined]);
    });

    test("extensions of chunks are no part of the body", async () => {
      const lines = ["POST / HTTP/1.1", HOST, CHUNKED, CLOSE];
      const got = await received(onStage(), lines, '4;a=b;c="d"\r\nbody\r\n0\r\n\r\n');
      expect(got.body).toBe("body");
    });

    test("100-continue is between the client and the gateway", async () => {
      const lines = ["POST / HTTP/1.1", HOST, "Expect: 100-continue", "Content-Length: 4", CLOSE];
      const got = await received(onStage(), lines, "body");
      expect([got.body, got.headers.expect]).toEqual(["body", undefined]);
    });

    test.each(["http://a.example/abs?q=1", "https://a.example/abs?q=1"])(
      "of a whole URL the origin gets the path: %s",
      async (url) => {
        const got = await received(onStage(), [`GET ${url} HTTP/1.1`, HOST, CLOSE]);
        expect(got.url).toBe("/abs?q=1");
        expect(got.headers["x-forwarded-host"]).toBe("a.example");
      },
    );

    test("of many headers, also the last counts", async () => {
      const many = Array.from({ length: mostHeaders - 10 }, (_, i) => `X-${i}: 1`);
      const { headers } = await received(onStage(), [
        "GET / HTTP/1.1",
        HOST,
        ...many,
        "X-Real-IP: 6.6.6.6",
        "X_Forwarded_For: 6.6.6.6",
        CLOSE,
      ]);
      expect(headers[`x-${mostHeaders - 11}`]).toBe("1");
      expect(Object.values(headers)).not.toContain("6.6.6.6");
    });

    test("names in unusual letters are the names that they look like to an application", async () => {
      const names = ["X.Real.IP", "X_Real_IP", "x-REAL-ip", "X~Forwarded~For", "X|Forwarded|Proto"];
      const lines = ["GET / HTTP/1.1", HOST, ...names.map((name) => `${name}: 6.6.6.6`), CLOSE];
      const { headers } = await received(onStage(), lines);
      expect(Object.values(headers)).not.toContain("6.6.6.6");
    });

    test("headers that are between a client and its proxy go no further", async () => {
      const { headers } = await received(onStage(), [
        "GET / HTTP/1.1",
        HOST,
        "Proxy-Connection: keep-alive",
        "Proxy-Authorization: Basic eDp5",
        "Keep-Alive: timeout=5",
        "TE: trailers",
        CLOSE,
      ]);
      for (const name of ["proxy-connection", "proxy-authorization", "keep-alive", "te"]) {
        expect(headers[name]).toBeUndefined();
      }
    });
  });
}
