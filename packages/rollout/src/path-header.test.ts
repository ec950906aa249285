import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gatewayTo, URL_OF_SITE } from "../test/test-gateway.ts";
import { storeOf } from "../test/scripted-store.ts";
import { createRolloutHandler } from "./rollout-handler.ts";
import type { ResponseLike } from "./web.ts";

let answer: RequestListener = (_, response) => response.end();
const origin = createServer((request, response) => answer(request, response));
let originUrl = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
  originUrl = `http://127.0.0.1:${(origin.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  origin.closeAllConnections();
  await new Promise((resolve) => origin.close(resolve));
});

const FORGED = { "x-edgezero-path": "legacy" };
const COOKIES = ["a=1; Path=/", "b=2; Expires=Thu, 01 Jan 2099 00:00:00 GMT"];

/** Sends a request through the gateway to a real origin, whose response has immutable headers. */
async function throughOrigin(listener: RequestListener, init?: RequestInit): Promise<Response> {
  answer = listener;
  const send = gatewayTo(async (request) => {
    const response = await fetch(originUrl, { method: request.method, redirect: "manual" });
    expect(() => response.headers.set("x", "y")).toThrow(TypeError);
    return response;
  });
  return send(new Request(URL_OF_SITE, init));
}

describe("a handler's own response", () => {
  test("is passed on as the same object, with the header", async () => {
    const response = new Response("body", { status: 201, headers: FORGED });
    expect(await gatewayTo(() => response)()).toBe(response);
    expect(response.headers.get("x-edgezero-path")).toBe("edgezero");
    expect(response.bodyUsed).toBe(false);
  });

  test.each([
    { what: "204", make: () => new Response(null, { status: 204 }) },
    { what: "304", make: () => new Response(null, { status: 304, headers: { etag: '"1"' } }) },
    { what: "a redirect", make: () => Response.redirect("https://site.example/", 307) },
    { what: "a data: URL", make: () => fetch("data:text/plain,x") },
  ])("has the header: $what", async ({ make }) => {
    const response = await make();
    const { status } = response;
    const headers = new Headers(response.headers);
    const sent = await gatewayTo(() => response)();
    expect(sent.status).toBe(status);
    expect(Object.fromEntries(sent.headers)).toEqual({
      ...Object.fromEntries(headers),
      "x-edgezero-path": "edgezero",
    });
  });

  test("keeps every Set-Cookie", async () => {
    const headers = new Headers(COOKIES.map((cookie) => ["set-cookie", cookie]));
    const response = await gatewayTo(() => new Response("", { headers }))();
    expect(response.headers.getSetCookie()).toEqual(COOKIES);
  });

  test("that cannot be wrapped is passed on without the header: Response.error()", async () => {
    const error = Response.error();
    expect(await gatewayTo(() => error)()).toBe(error);
  });

  test("that is a WebSocket upgrade is passed on as the same object", async () => {
    const headers = new Headers();
    const upgrade: ResponseLike & { webSocket: object } = {
      status: 101,
      headers,
      body: null,
      webSocket: {},
    };
    const send = createRolloutHandler({
      configStore: storeOf("1", "100"),
      legacy: () => upgrade,
      edgezero: () => upgrade,
    });
    expect(await send({ method: "GET", url: "/chat" }, { ip: null })).toBe(upgrade);
    expect(headers.get("x-edgezero-path")).toBe("edgezero");
  });
});

describe("an origin's response", () => {
  test("has the header over its own forged one, and keeps all else", async () => {
    const response = await throughOrigin((_, out) => {
      out.writeHead(418, "Teapot", {
        ...FORGED,
        "set-cookie": COOKIES,
        "x-own": "é".normalize("NFC"),
      });
      out.end("body");
    });
    expect(response.headers.get("x-edgezero-path")).toBe("edgezero");
    expect(response.status).toBe(418);
    expect(response.statusText).toBe("Teapot");
    expect(response.headers.getSetCookie()).toEqual(COOKIES);
    expect(response.headers.get("x-own")).toBe("é");
    expect(await response.text()).toBe("body");
  });

  test("cannot forge the header twice, in any case", async () => {
    const response = await throughOrigin((_, out) => {
      out.setHeader("X-EdgeZero-Path", ["legacy", "edgezero"]).end();
    });
    expect(response.headers.get("x-edgezero-path")).toBe("edgezero");
  });

  test.each([
    { status: 204, headers: {} },
    { status: 304, headers: { etag: '"1"' } },
    { status: 302, headers: { location: "https://elsewhere.example/" } },
  ])("keeps its null body at $status", async ({ status, headers }) => {
    const response = await throughOrigin((_, out) => out.writeHead(status, headers).end());
    expect(response.status).toBe(status);
    expect(await response.text()).toBe("");
    expect(Object.fromEntries(response.headers)).toMatchObject(headers);
    expect(response.headers.get("x-edgezero-path")).toBe("edgezero");
  });

  test("to HEAD keeps the length of the body that it does not have", async () => {
    const response = await throughOrigin(
      (_, out) => out.setHeader("content-length", "1234").end(),
      { method: "HEAD" },
    );
    expect(response.headers.get("content-length")).toBe("1234");
    expect(response.headers.get("x-edgezero-path")).toBe("edgezero");
    expect(await response.text()).toBe("");
  });
});
