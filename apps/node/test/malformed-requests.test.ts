import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseMetrics } from "@edgezero/testbed/metrics-page";
import { send } from "@edgezero/testbed/http-client";
import type { ProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { startProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import type { Upstream } from "@edgezero/testbed/upstream";
import { startUpstream } from "@edgezero/testbed/upstream";

let origin: Upstream;
let gateway: ProxiedGateway;
let reached = 0;

beforeAll(async () => {
  origin = await startUpstream((_, response) => {
    reached++;
    response.end("ok");
  });
  gateway = await startProxiedGateway(origin.url, origin.url, { CLIENT_TIMEOUT_MS: "5000" });
});

afterAll(async () => {
  await gateway.stopCleanly();
  await origin.close();
});

async function statusLine(request: string): Promise<string> {
  const socket = connect(gateway.port, "127.0.0.1").on("error", () => {});
  socket.write(request);
  return (await text(socket)).split("\r\n")[0] ?? "";
}

async function samples(): Promise<ReturnType<typeof parseMetrics>> {
  const started = gateway.logged().find(({ msg }) => msg === "gateway started");
  return parseMetrics((await send(String(started?.["metrics"]))).text);
}

async function count(kind: string): Promise<number | undefined> {
  const all = await samples();
  return all.find(({ labels }) => labels["kind"] === kind)?.value;
}

async function routed(): Promise<number> {
  const all = (await samples()).filter(({ name }) => name === "edgezero_requests_total");
  return all.reduce((sum, { value }) => sum + value, 0);
}

const UPGRADE = "Connection: upgrade\r\nUpgrade: websocket";

describe("a malformed request is its client's own, and no path's", () => {
  test.each([
    {
      name: "two Host headers",
      request: "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
      answer: "HTTP/1.1 400 Bad Request",
      kind: "host",
    },
    {
      name: "the same Host twice",
      request: "GET / HTTP/1.1\r\nHost: a\r\nhOST: a\r\n\r\n",
      answer: "HTTP/1.1 400 Bad Request",
      kind: "host",
    },
    {
      name: "no Host",
      request: "GET / HTTP/1.1\r\n\r\n",
      answer: "HTTP/1.1 400 Bad Request",
      kind: "host",
    },
    {
      name: "an upgrade with two Host headers",
      request: `GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n${UPGRADE}\r\n\r\n`,
      answer: "HTTP/1.1 400 Bad Request",
      kind: "host",
    },
    {
      name: "an upgrade without Host",
      request: `GET / HTTP/1.1\r\n${UPGRADE}\r\n\r\n`,
      answer: "HTTP/1.1 400 Bad Request",
      kind: "upgrade",
    },
    {
      name: "another transfer coding",
      request: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      answer: "HTTP/1.1 501 Not Implemented",
      kind: "transfer-coding",
    },
    {
      name: "chunked in HTTP/1.0",
      request: "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      answer: "HTTP/1.1 400 Bad Request",
      kind: "transfer-coding",
    },
    {
      name: "not HTTP",
      request: "SSH-2.0-OpenSSH_9.9\r\n\r\n",
      answer: "HTTP/1.1 400 Bad Request",
      kind: "syntax",
    },
    {
      name: "headers that are too large",
      request: `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(20_000)}\r\n\r\n`,
      answer: "HTTP/1.1 431 Request Header Fields Too Large",
      kind: "headers-too-large",
    },
    {
      name: "headers without an end",
      request: "GET / HTTP/1.1\r\nHost: a\r\n",
      answer: "HTTP/1.1 408 Request Timeout",
      kind: "timeout",
    },
  ])("$name: $answer", async ({ request, answer, kind }) => {
    const before = [reached, await count(kind), await routed()];
    expect(await statusLine(request)).toBe(answer);
    const [requests, malformed = 0, sum] = before;
    expect([reached, await count(kind), await routed()]).toEqual([requests, malformed + 1, sum]);
  });

  test.each([
    { name: "HTTP/1.0 without Host", request: "GET / HTTP/1.0\r\n\r\n" },
    {
      name: "chunked, in any case",
      request:
        "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n",
    },
  ])("$name is served", async ({ request }) => {
    expect(await statusLine(request)).toBe("HTTP/1.1 200 OK");
  });
});
