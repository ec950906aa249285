import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { SendOptions } from "@edgezero/testbed/http-client";
import { send, valuesOf } from "@edgezero/testbed/http-client";
import type { ProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { startProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import type { Upstream } from "@edgezero/testbed/upstream";
import { startUpstream } from "@edgezero/testbed/upstream";

const CLIENT = "127.66.4.98";

let upstream: Upstream;
let gateway: ProxiedGateway;
/** Trusts every peer of this file. */
let behindProxy: ProxiedGateway;

beforeAll(async () => {
  upstream = await startUpstream();
  gateway = await startProxiedGateway(upstream.url, upstream.url);
  behindProxy = await startProxiedGateway(upstream.url, upstream.url, { TRUST_PROXY: "loopback" });
});

beforeEach(() => {
  upstream.handler = (_, response) => void response.end();
});

afterAll(async () => {
  await Promise.all([gateway.stopCleanly(), behindProxy.stopCleanly()]);
  await upstream.close();
});

/** What the origin gets of a request. */
async function received(options: SendOptions, from = gateway): Promise<IncomingMessage> {
  const request = new Promise<IncomingMessage>((resolve) => {
    upstream.handler = (incoming, response) => {
      incoming.resume();
      response.end();
      resolve(incoming);
    };
  });
  expect((await send(from.url, { clientIp: CLIENT, ...options })).status).toBe(200);
  return request;
}

describe("request headers", () => {
  test("keep their order, their spelling, their repetition and their bytes", async () => {
    const given = ["X-Second", "2", "x-FIRST", "1", "X-Second", "again", "X-Bytes", "caf\xe9 \xff"];
    const headers = [...given, "Host", "site.example"];
    const { rawHeaders } = await received({ headers });
    expect(rawHeaders.slice(rawHeaders.indexOf("X-Second")).slice(0, given.length)).toEqual(given);
  });

  test("Host is the origin's own, and the client's goes to X-Forwarded-Host", async () => {
    const { headers } = await received({ headers: { host: "site.example:8443" } });
    expect(headers.host).toBe(new URL(upstream.url).host);
    expect(headers["x-forwarded-host"]).toBe("site.example:8443");
  });

  test("for this connection only: dropped, with those that Connection names", async () => {
    const { headers } = await received({
      method: "POST",
      body: "body",
      headers: {
        "transfer-encoding": "chunked",
        connection: "close, X-Private, x-other",
        "x-private": "1",
        "X-Other": "2",
        "keep-alive": "timeout=5",
        "proxy-authorization": "Basic eA==",
        "proxy-connection": "keep-alive",
        te: "trailers",
        trailer: "x-checksum",
        authorization: "Bearer token",
        "x-kept": "3",
      },
    });
    expect(headers.connection).toBe("keep-alive");
    const dropped =
      "x-private x-other keep-alive proxy-authorization proxy-connection te trailer".split(" ");
    expect(dropped.filter((name) => name in headers)).toEqual([]);
    expect(headers).toMatchObject({ authorization: "Bearer token", "x-kept": "3" });
  });

  test("X-EdgeZero-Path of a client does not reach the origin", async () => {
    const { headers } = await received({ headers: { "X-EdgeZero-Path": "edgezero" } });
    expect(headers["x-edgezero-path"]).toBeUndefined();
  });

  test("the client is added to a trusted proxy's X-Forwarded-For, once", async () => {
    const headers = { "X-Forwarded-For": ["203.0.113.1", "203.0.113.2, 203.0.113.3"] };
    for (const given of [{}, { headers }]) {
      const plain = await received(given);
      expect(valuesOf(plain.rawHeaders, "x-forwarded-for")).toEqual([CLIENT]);
    }
    const chained = await received({ headers }, behindProxy);
    expect(valuesOf(chained.rawHeaders, "x-forwarded-for")).toEqual([
      `203.0.113.1, 203.0.113.2, 203.0.113.3, ${CLIENT}`,
    ]);
  });

  test("of a trusted proxy all are kept, but those that no proxy writes", async () => {
    const kept = {
      forwarded: "for=203.0.113.1",
      "x-real-ip": "203.0.113.1",
      "x-forwarded-port": "443",
      "x-original-url": "/x",
    };
    const dropped = { proxy: "http://evil.example", x_forwarded_for: "1", content_length: "1" };
    const { headers } = await received({ headers: { ...kept, ...dropped } }, behindProxy);
    expect(headers).toMatchObject(kept);
    expect(Object.keys(dropped).filter((name) => name in headers)).toEqual([]);
  });

  const claim = { "X-Forwarded-Host": "claimed.example", "X-Forwarded-Proto": "https" };

  test("X-Forwarded-Host and -Proto of a peer that is not trusted are replaced", async () => {
    const { rawHeaders } = await received({ headers: { ...claim, host: "site.example" } });
    expect(valuesOf(rawHeaders, "x-forwarded-host")).toEqual(["site.example"]);
    expect(valuesOf(rawHeaders, "x-forwarded-proto")).toEqual(["http"]);
  });

  test("those of a trusted proxy are kept", async () => {
    const { rawHeaders } = await received(
      { headers: { ...claim, host: "site.example", "X-Forwarded-For": "203.0.113.1" } },
      behindProxy,
    );
    expect(valuesOf(rawHeaders, "x-forwarded-host")).toEqual(["claimed.example"]);
    expect(valuesOf(rawHeaders, "x-forwarded-proto")).toEqual(["https"]);
    expect(valuesOf(rawHeaders, "x-forwarded-for")).toEqual([`203.0.113.1, ${CLIENT}`]);
  });

  test("a trusted proxy that says nothing is answered for", async () => {
    const { headers } = await received({ headers: { host: "site.example" } }, behindProxy);
    expect(headers).toMatchObject({
      "x-forwarded-host": "site.example",
      "x-forwarded-proto": "http",
      "x-forwarded-for": CLIENT,
    });
  });

  test("HTTP/1.0 without a Host header is served, and its path too", async () => {
    upstream.handler = (request, response) => void response.end(`origin got ${request.url}`);
    for (const [target, body] of [
      ["/health", "ok"],
      ["/page?x", "origin got /page?x"],
    ] as const) {
      const socket = connect(gateway.port, "127.0.0.1");
      socket.write(`GET ${target} HTTP/1.0\r\n\r\n`);
      const answer = (await buffer(socket)).toString();
      expect(answer).toMatch(/^HTTP\/1\.[01] 200 OK\r\n/);
      expect(answer).toContain(`\r\n\r\n${body}`);
    }
  });
});

describe("response headers", () => {
  test("keep their order, their spelling, their repetition and their bytes", async () => {
    const given = [
      ["X-Second", "2"],
      ["x-FIRST", "1"],
      ["Set-Cookie", "a=1; Path=/"],
      ["X-Second", "again"],
      ["set-cookie", "b=2; HttpOnly"],
      ["X-Bytes", "caf\xe9 \xff"],
      ["Date", "Thu, 01 Jan 2026 00:00:00 GMT"],
      ["Content-Length", "0"],
    ].flat();
    upstream.handler = (_, response) => void response.writeHead(200, given).end();
    const { rawHeaders } = await send(gateway.url);
    expect(rawHeaders.slice(0, given.length)).toEqual(given);
  });

  test("several Set-Cookie headers stay several", async () => {
    const cookies = ["a=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT", "b=2", "c=3"];
    upstream.handler = (_, response) => void response.setHeader("set-cookie", cookies).end();
    expect((await send(gateway.url)).headers["set-cookie"]).toEqual(cookies);
  });

  test("no content-type is made up", async () => {
    upstream.handler = (_, response) => void response.end("text");
    expect((await send(gateway.url)).headers["content-type"]).toBeUndefined();
  });

  test("for this connection only: dropped, with those that Connection names", async () => {
    upstream.handler = (_, response) => {
      response.setHeader("Connection", "X-Private");
      response.setHeader("X-Private", "1");
      response.setHeader("Proxy-Authenticate", "Basic");
      response.setHeader("Upgrade", "h2c");
      response.setHeader("X-Kept", "2");
      response.end("body");
    };
    const { headers, text } = await send(gateway.url);
    expect(headers["x-private"]).toBeUndefined();
    expect(headers["proxy-authenticate"]).toBeUndefined();
    expect(headers.upgrade).toBeUndefined();
    expect(headers).toMatchObject({ "x-kept": "2" });
    expect(text).toBe("body");
  });

  test("an origin that says Connection: close does not close the client's", async () => {
    upstream.handler = (_, response) => void response.setHeader("Connection", "close").end();
    const socket = connect(gateway.port, "127.0.0.1");
    const get = "GET / HTTP/1.1\r\nHost: x\r\n";
    socket.write(`${get}\r\n`);
    await once(socket, "data");
    socket.write(`${get}Connection: close\r\n\r\n`);
    expect((await buffer(socket)).toString()).toContain("HTTP/1.1 200 OK");
  });

  test.each(["legacy", "edgezero"] as const)(
    "an origin cannot forge x-edgezero-path on %s",
    async (path) => {
      gateway.routeTo(path);
      upstream.handler = (_, response) => {
        response.writeHead(200, ["X-EdgeZero-Path", "forged", "x-edgezero-path", "twice"]).end();
      };
      const { rawHeaders } = await send(gateway.url);
      expect(valuesOf(rawHeaders, "x-edgezero-path")).toEqual([path]);
    },
  );
});

describe("the request target", () => {
  test.each([
    "/",
    "/a/b?c=d&e",
    "//evil.example/x",
    "//user@evil.example:80/x",
    "/a/../b",
    "/../../etc/passwd",
    "/a/%2e%2e/b",
    "/a/%2F%2e/b?x=%20",
    "/?url=http://evil.example/&q='%20\"",
    "/?a=1?b=2//c/../d",
    "/:80/x",
    "/@evil.example/",
    "/{a}|b^c`d",
    "/http://evil.example/",
    "/a;b=c,d/e!$&'()*+",
  ])("%s reaches the origin as it is", async (path) => {
    expect((await received({ path })).url).toBe(path);
  });

  test.each([
    ["http://evil.example/x?y=1", "/x?y=1"],
    ["http://evil.example", "/"],
    ["http://evil.example?y=1", "/?y=1"],
    ["http://evil.example//x/../y", "//x/../y"],
  ])("a whole URL, %s, names only the path: the origin is the gateway's", async (path, target) => {
    const { url, headers } = await received({ path });
    expect(url).toBe(target);
    expect(headers.host).toBe(new URL(upstream.url).host);
  });
});
