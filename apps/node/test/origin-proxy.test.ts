import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { Agent } from "node:http";
import { buffer, text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { open, responseTo, send } from "@edgezero/testbed/http-client";
import type { ProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { startProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import type { Upstream } from "@edgezero/testbed/upstream";
import { nextRequest, startUpstream } from "@edgezero/testbed/upstream";

const MB = 1024 * 1024;
const EVERY_BYTE = Buffer.from(Uint8Array.from({ length: 256 }, (_, i) => 255 - i));

let legacy: Upstream;
let edgezero: Upstream;
let gateway: ProxiedGateway;

beforeAll(async () => {
  legacy = await startUpstream((_, response) => void response.end("legacy origin"));
  edgezero = await startUpstream();
  gateway = await startProxiedGateway(legacy.url, edgezero.url);
});

beforeEach(() => {
  edgezero.handler = (_, response) => void response.end("edgezero origin");
});

afterAll(async () => {
  await gateway.stopCleanly();
  await Promise.all([legacy.close(), edgezero.close()]);
});

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

test("each path goes to its origin", async () => {
  gateway.routeTo("legacy");
  expect(await send(gateway.url)).toMatchObject({ text: "legacy origin", path: "legacy" });
  gateway.routeTo("edgezero");
  expect(await send(gateway.url)).toMatchObject({ text: "edgezero origin", path: "edgezero" });
});

describe("streaming", () => {
  test("the client has the headers and the first chunk while the origin holds the rest", async () => {
    const reached = nextRequest(edgezero);
    const request = open(gateway.url).end();
    const [, origin] = await reached;
    origin.writeHead(200, { "content-type": "text/plain" }).flushHeaders();
    const response = await responseTo(request);
    origin.write("first");
    expect(String((await once(response, "data"))[0])).toBe("first");
    expect(response.complete).toBe(false);
    origin.end(" and last");
    expect(await text(response)).toBe(" and last");
  });

  test("the origin has the first chunk while the client holds the rest", async () => {
    const reached = nextRequest(edgezero);
    const request = open(gateway.url, { method: "POST" });
    request.write("first");
    const [incoming, origin] = await reached;
    expect(String((await once(incoming, "data"))[0])).toBe("first");
    expect(incoming.complete).toBe(false);
    request.end(" and last");
    expect(await text(incoming)).toBe(" and last");
    origin.end("done");
    expect(await text(await responseTo(request))).toBe("done");
  });

  test("both at once, turn by turn", async () => {
    const reached = nextRequest(edgezero);
    const request = open(gateway.url, { method: "POST" });
    request.write("1");
    const [incoming, origin] = await reached;
    expect(String((await once(incoming, "data"))[0])).toBe("1");
    origin.write("a");
    const response = await responseTo(request);
    expect(String((await once(response, "data"))[0])).toBe("a");
    request.end("2");
    expect(await text(incoming)).toBe("2");
    origin.end("b");
    expect(await text(response)).toBe("b");
  });

  test.each([
    ["with content-length", { "content-length": 50 * MB }],
    ["chunked", { "transfer-encoding": "chunked" }],
  ])("50 MB both ways, %s, arrive as they were sent", async (_, headers) => {
    edgezero.handler = (request, response) => void request.pipe(response);
    const body = randomBytes(50 * MB);
    const answer = await send(gateway.url, { method: "POST", headers, body });
    expect(answer.body.length).toBe(body.length);
    expect(sha256(answer.body)).toBe(sha256(body));
  });

  test.each([
    ["of one length", (body: Buffer) => ({ "content-length": body.length })],
    ["chunked", () => ({ "transfer-encoding": "chunked" })],
  ])("a body of any bytes and size, %s, arrives as it was sent", async (_, framing) => {
    for (const size of [0, 1, 1023, 15_359, 15_360, 15_361, 65_536, 200_000]) {
      const body = Buffer.alloc(size, EVERY_BYTE);
      const headers = { ...framing(body), "x-latin-1": "caf\xe9" };
      edgezero.handler = (...[, response]) => void response.writeHead(200, headers).end(body);
      const answer = await send(gateway.url);
      expect([size, answer.headers["x-latin-1"], answer.body.equals(body)]).toEqual([
        size,
        "caf\xe9",
        true,
      ]);
    }
  });

  test("a body of very many chunks arrives", async () => {
    edgezero.handler = (_, response) => {
      response.socket?.cork();
      for (let i = 0; i < 20_000; i++) response.write("chunk");
      response.end();
      response.socket?.uncork();
    };
    expect((await send(gateway.url)).text).toBe("chunk".repeat(20_000));
  });

  test("a client that does not read holds the origin back", async () => {
    const chunk = Buffer.alloc(64 * 1024);
    let written = 0;
    edgezero.handler = (_, response) => {
      const pump = (): void => {
        while (written < 200 * MB) {
          written += chunk.length;
          if (!response.write(chunk)) {
            response.once("drain", pump);
            return;
          }
        }
        response.end();
      };
      pump();
    };
    const request = open(gateway.url).end();
    const response = await responseTo(request);
    response.pause();
    let before = -1;
    const stalled = (): boolean => {
      const isStalled = written === before;
      before = written;
      return isStalled;
    };
    await expect.poll(stalled, { interval: 300, timeout: 20_000 }).toBe(true);
    expect(written).toBeLessThan(100 * MB);
    expect((await buffer(response)).length).toBe(200 * MB);
  }, 60_000);
});

describe("responses pass as they are", () => {
  test("HEAD keeps its content-length and has no body", async () => {
    edgezero.handler = (_, response) => void response.setHeader("content-length", 12_345).end();
    const { status, headers, body } = await send(gateway.url, { method: "HEAD" });
    expect([status, headers["content-length"], body.length]).toEqual([200, "12345", 0]);
    expect(headers["transfer-encoding"]).toBeUndefined();
  });

  test.each([
    [204, {}],
    [205, { "content-length": "0" }],
    [304, { etag: '"v1"', "content-length": "17" }],
  ])("%i has no body", async (code, headers) => {
    edgezero.handler = (_, response) => void response.writeHead(code, headers).end();
    const answer = await send(gateway.url);
    expect([answer.status, answer.body.length, answer.path]).toEqual([code, 0, "edgezero"]);
    expect(answer.headers).toMatchObject(headers);
    expect(answer.headers["transfer-encoding"]).toBeUndefined();
  });

  test.each([301, 302, 303, 307, 308])("a redirect is the client's to follow: %i", async (code) => {
    const location = "https://elsewhere.example/a/../b?c=%2F#d";
    edgezero.handler = (_, response) => void response.writeHead(code, { location }).end();
    const { status, headers } = await send(gateway.url);
    expect([status, headers.location]).toEqual([code, location]);
  });

  test("a gzip body stays as it is, and says so", async () => {
    const zipped = gzipSync("x".repeat(10_000));
    edgezero.handler = (_, response) => {
      response.writeHead(200, { "content-encoding": "gzip", "content-length": zipped.length });
      response.end(zipped);
    };
    const { body, headers } = await send(gateway.url, { headers: { "accept-encoding": "gzip" } });
    expect(body.equals(zipped)).toBe(true);
    expect(headers).toMatchObject({ "content-encoding": "gzip" });
    expect(headers["content-length"]).toBe(String(zipped.length));
  });

  test("a part of a file: 206", async () => {
    edgezero.handler = (request, response) => {
      const headers = { "content-range": "bytes 2-4/10", "content-length": 3 };
      response.writeHead(206, headers).end(request.headers.range === "bytes=2-4" ? "cde" : "?");
    };
    const {
      status,
      text: part,
      headers,
    } = await send(gateway.url, {
      headers: { range: "bytes=2-4" },
    });
    expect([status, part, headers["content-range"]]).toEqual([206, "cde", "bytes 2-4/10"]);
  });

  test.each([400, 401, 404, 418, 500, 503])("an error of the origin: %i", async (code) => {
    edgezero.handler = (_, response) => void response.writeHead(code, "Its Words").end("why");
    const { status, statusText, text: why, path } = await send(gateway.url);
    expect([status, statusText, why, path]).toEqual([code, "Its Words", "why", "edgezero"]);
  });

  test("hints that come before the response do not replace it", async () => {
    edgezero.handler = (_, response) => {
      response.writeEarlyHints({ link: "</style.css>; rel=preload" });
      response.end("the response");
    };
    expect(await send(gateway.url)).toMatchObject({ status: 200, text: "the response" });
  });
});

describe("requests pass as they are", () => {
  test.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "GET", "QUERY", "PROPFIND"])(
    "%s with a body",
    async (method) => {
      edgezero.handler = async (request, response) => {
        response.end(`${request.method} ${await text(request)}`);
      };
      const headers = { "content-length": "4" };
      const answer = await send(gateway.url, { method, headers, body: "body" });
      expect(answer.text).toBe(`${method} body`);
    },
  );

  test.each(["GET", "DELETE", "OPTIONS", "TRACE"])("%s without a body has none", async (method) => {
    edgezero.handler = (request, response) => {
      const { "content-length": length, "transfer-encoding": encoding } = request.headers;
      response.end(`${request.method} ${length} ${encoding}`);
    };
    const answer = await send(gateway.url, { method });
    expect(answer.text).toBe(`${method} undefined undefined`);
  });

  test("POST with an empty body says so", async () => {
    edgezero.handler = (request, response) => void response.end(request.headers["content-length"]);
    const headers = { "content-length": "0" };
    expect((await send(gateway.url, { method: "POST", headers })).text).toBe("0");
  });

  test("a client that expects 100-continue gets it before it sends its body", async () => {
    edgezero.handler = async (request, response) => {
      response.end(`${request.headers.expect} ${await text(request)}`);
    };
    const headers = { expect: "100-continue" };
    const request = open(gateway.url, { method: "POST", headers });
    request.flushHeaders();
    await once(request, "continue");
    request.end("body");
    expect(await text(await responseTo(request))).toBe("undefined body");
  });
});

describe("connections", () => {
  test("200 requests one after another share a few connections to the origin", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const before = edgezero.connections;
    for (let i = 0; i < 200; i++) await send(gateway.url, { agent });
    agent.destroy();
    expect(edgezero.connections - before).toBeLessThanOrEqual(5);
  });

  test("100 at once are all served, at the same time", async () => {
    let waiting = 0;
    const all = new Promise<void>((resolve) => {
      edgezero.handler = async (request, response) => {
        if (++waiting === 100) resolve();
        await all;
        response.end(request.url);
      };
    });
    const answers = Array.from({ length: 100 }, async (_, i) => {
      return (await send(gateway.url, { path: `/${i}` })).text;
    });
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 100 }, (_, i) => `/${i}`));
  });

  test("the origin's idle connections may close at any time", async () => {
    const agent = new Agent({ keepAlive: true });
    for (let i = 0; i < 20; i++) {
      expect((await send(gateway.url, { agent })).status).toBe(200);
      edgezero.server.closeIdleConnections();
      await expect.poll(() => edgezero.openConnections()).toBe(0);
    }
    agent.destroy();
  });
});
