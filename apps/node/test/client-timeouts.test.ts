import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { startProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import type { Upstream } from "@edgezero/testbed/upstream";
import { startUpstream } from "@edgezero/testbed/upstream";

const LIMIT_MS = 1000;
/** The limit for clients that must not reach it: this process may stop for a while. */
const LONG_LIMIT_MS = 4000;

let origin: Upstream;
let gateway: ProxiedGateway;
let lenient: ProxiedGateway;

beforeAll(async () => {
  origin = await startUpstream();
  [gateway, lenient] = await Promise.all([startWithin(LIMIT_MS), startWithin(LONG_LIMIT_MS)]);
});

afterAll(async () => {
  await Promise.all([gateway.stopCleanly(), lenient.stopCleanly()]);
  await origin.close();
});

async function startWithin(limitMs: number): Promise<ProxiedGateway> {
  return startProxiedGateway(origin.url, origin.url, { CLIENT_TIMEOUT_MS: String(limitMs) });
}

test("an upload may take any time while its bytes come, and is cut off when they stop", async () => {
  const got: number[] = [];
  origin.handler = (request, response) => {
    request.on("error", () => {}).on("data", ({ length }: Buffer) => got.push(length));
    request.on("end", () => response.end("ok"));
  };
  const socket = connect(lenient.port, "127.0.0.1").on("error", () => {});
  socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
  const startedAt = performance.now();
  let written = 0;
  const timer = setInterval(() => {
    if (performance.now() - startedAt > 1.5 * LONG_LIMIT_MS) return;
    socket.write("x");
    written++;
  }, 400);
  const heard = await text(socket);
  clearInterval(timer);
  expect(heard).toBe("");
  expect(performance.now() - startedAt).toBeGreaterThan(1.5 * LONG_LIMIT_MS);
  await expect.poll(() => got.reduce((sum, length) => sum + length, 0)).toBe(written);
});

test("a connection that never sends a byte is closed without a byte", async () => {
  expect(await text(connect(gateway.port, "127.0.0.1"))).toBe("");
});

test("a client that takes nothing of a response is cut off, and its origin with it", async () => {
  const isAborted = new Promise<void>((resolve) => {
    origin.handler = (_, response) => {
      response.on("close", () => resolve());
      response.end(Buffer.alloc(50_000_000));
    };
  });
  const socket = connect(gateway.port, "127.0.0.1").on("error", () => {});
  socket.pause().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const startedAt = performance.now();
  await isAborted;
  expect(performance.now() - startedAt).toBeGreaterThan(LIMIT_MS);
  socket.destroy();
});

test("a client that takes a response slowly, bytes all the time, gets it whole", async () => {
  origin.handler = (_, response) => void response.end(Buffer.alloc(16_000_000));
  const socket = connect(lenient.port, "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  let received = 0;
  const startedAt = performance.now();
  socket.on("data", ({ length }: Buffer) => {
    received += length;
    socket.pause();
    setTimeout(() => socket.resume(), 40);
  });
  await once(socket, "close");
  expect(received).toBeGreaterThan(16_000_000);
  expect(performance.now() - startedAt).toBeGreaterThan(1.5 * LONG_LIMIT_MS);
});

test("an idle connection is kept for KEEP_ALIVE_TIMEOUT_MS, longer than a client may be silent", async () => {
  const keeping = await startProxiedGateway(origin.url, origin.url, {
    CLIENT_TIMEOUT_MS: "2000",
    KEEP_ALIVE_TIMEOUT_MS: "4000",
  });
  origin.handler = (_, response) => void response.end("ok");
  const socket = connect(keeping.port, "127.0.0.1");
  const sentAt = performance.now();
  socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const [head] = (await once(socket, "data")) as [Buffer];
  expect(head.toString()).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  expect(head.toString()).toMatch(/^keep-alive: timeout=4\r$/im);
  await once(socket, "close");
  expect(performance.now() - sentAt).toBeGreaterThan(4000);
  await keeping.stopCleanly();
});

test("REQUEST_TIMEOUT_MS limits the whole of a request, where it is set", async () => {
  const limited = await startProxiedGateway(origin.url, origin.url, {
    REQUEST_TIMEOUT_MS: "1000",
  });
  origin.handler = (request) => void request.on("error", () => {}).resume();
  const socket = connect(limited.port, "127.0.0.1").on("error", () => {});
  socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
  const startedAt = performance.now();
  const timer = setInterval(() => socket.write("x"), 100);
  await text(socket).catch(() => "");
  clearInterval(timer);
  expect(performance.now() - startedAt).toBeGreaterThan(900);
  expect(performance.now() - startedAt).toBeLessThan(20_000);
  await limited.stopCleanly();
});
