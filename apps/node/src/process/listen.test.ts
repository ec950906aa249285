import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { listen, stop } from "./listen.ts";

const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

test("a request that came while the process was busy is answered, though its connection is to close", async () => {
  const server = createServer((_, response) => void response.end("served"));
  const { port } = new URL(await listen(server, 0, "127.0.0.1"));
  const socket = connect(Number(port), "127.0.0.1");
  socket.write(GET);
  await once(socket, "data");
  const stopped = stop(server, 10_000, 10);
  socket.write(GET);
  // The time of idle connections runs out before the server can read.
  const busyUntil = performance.now() + 100;
  while (performance.now() < busyUntil);
  expect(await text(socket)).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*connection: close[^]*served/i);
  await stopped;
});
