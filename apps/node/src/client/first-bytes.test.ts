import { once } from "node:events";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { awaitFirstBytes } from "./first-bytes.ts";

const REQUEST = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc";

let server: Server;

async function listen(limitMs: number): Promise<Socket> {
  server = createServer(async (request, response) => response.end(await text(request)));
  awaitFirstBytes(server, limitMs);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  await once(socket, "connect");
  return socket;
}

afterEach(() => {
  server.close();
  server.closeAllConnections();
});

test("a client that sends nothing is closed without a byte", async () => {
  expect(await text(await listen(50))).toBe("");
});

test("so is one that ends without a byte, or when all silent ones are closed", async () => {
  const ending = await listen(60_000);
  ending.end();
  expect(await text(ending)).toBe("");
  server.close();
  const closed = await listen(60_000);
  await expect.poll(async () => connections()).toBe(1);
  server.closeIdleConnections();
  expect(await text(closed)).toBe("");
});

test.each([
  { name: "at once", parts: [REQUEST] },
  { name: "byte by byte", parts: REQUEST.split("") },
])("a request is served, also after the limit: $name", async ({ parts }) => {
  const socket = await listen(5000);
  for (const part of parts) {
    socket.write(part);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  expect(await text(socket)).toMatch(/^HTTP\/1.1 200 OK\r\n.*\r\n\r\nabc$/s);
});

async function connections(): Promise<number> {
  return new Promise((resolve) => {
    server.getConnections((_, count) => resolve(count));
  });
}
