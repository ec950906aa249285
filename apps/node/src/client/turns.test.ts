import { once } from "node:events";
import type { RequestListener, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { awaitFirstBytes } from "./first-bytes.ts";
import { SLICE_BYTES } from "./slices.ts";
import { inTurn } from "./turns.ts";

const GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const LAST = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

interface Options {
  readonly maxWaiting?: number;
  readonly onFlood?: () => void;
  /** Whether the first bytes are waited for, as the gateway does. */
  readonly awaitsBytes?: boolean;
}

/** Serves one connection after another, and closes at the end of the test. */
async function serve(handle: RequestListener, options: Options = {}): Promise<Server> {
  const { maxWaiting, onFlood = () => {}, awaitsBytes = false } = options;
  const server = createServer(inTurn(handle, onFlood, maxWaiting));
  if (awaitsBytes) awaitFirstBytes(server, 1000);
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return server;
}

function connectTo(server: Server): Socket {
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  return socket.on("error", () => {});
}

test("the next request begins when the response before it has ended", async () => {
  const begun: unknown[] = [];
  const responses: ServerResponse[] = [];
  const server = await serve(async (request, response) => {
    const ended = responses.filter(({ writableFinished }) => writableFinished).length;
    begun.push([request.url, ended, await text(request)]);
    responses.push(response);
  });
  const socket = connectTo(server);
  for (const path of ["/1", "/2", "/3"]) {
    socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n${path}`);
  }
  for (const count of [1, 2, 3]) {
    await expect.poll(() => responses).toHaveLength(count);
    responses.at(-1)?.end();
  }
  expect(begun).toEqual([
    ["/1", 0, "/1"],
    ["/2", 1, "/2"],
    ["/3", 2, "/3"],
  ]);
});

describe.each([
  { name: "from the first byte", awaitsBytes: true },
  { name: "unseen at first", awaitsBytes: false },
])("many requests without waiting, $name", ({ awaitsBytes }) => {
  test("are all answered, in turn", async () => {
    let running = 0;
    let most = 0;
    let count = 0;
    const handle: RequestListener = (_, response) => {
      most = Math.max(most, ++running);
      setImmediate(() => {
        running--;
        response.end(`${count++};`);
      });
    };
    const server = await serve(handle, { awaitsBytes });
    const socket = connectTo(server);
    socket.write(GET.repeat(9999) + LAST);
    const answers = (await text(socket)).match(/\d+;/g) ?? [];
    expect(answers.map(Number.parseFloat)).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
    expect(most).toBe(1);
  });
});

test("a client has few requests parsed ahead, and no more is read while they wait", async () => {
  let parsed = 0;
  const responses: ServerResponse[] = [];
  const server = await serve((_, response) => responses.push(response), { awaitsBytes: true });
  server.on("request", () => parsed++);
  const socket = connectTo(server);
  const perSlice = SLICE_BYTES / GET.length;
  socket.write(GET.repeat(200_000));
  await expect.poll(() => parsed).toBeGreaterThan(2);
  // The client's side notices that nothing is read: the rest stays in its own memory.
  await expect.poll(() => socket.bytesWritten > 0 && socket.writableLength > 1_000_000).toBe(true);
  responses[0]?.end();
  await expect.poll(() => responses.length).toBe(2);
  expect(parsed).toBeLessThan(perSlice + 2);
});

test("a body that is longer than a slice arrives whole, after requests that did not wait", async () => {
  const bodies: string[] = [];
  const server = await serve(async (request, response) => {
    bodies.push(await text(request));
    response.end();
  });
  const body = "0123456789".repeat(100_000);
  const post = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const socket = connectTo(server);
  socket.write(GET + GET + GET + post + LAST);
  socket.resume();
  await once(socket, "close");
  expect(bodies.map(({ length }) => length)).toEqual([0, 0, 0, body.length, 0]);
  expect(bodies[3]).toBe(body);
});

test("an upgrade after requests that did not wait has every byte", async () => {
  const server = await serve((_, response) => void response.end(), { awaitsBytes: true });
  server.on("upgrade", (_, socket: Socket, head: Buffer) => {
    socket.write("HTTP/1.1 101 x\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
    socket.write(head);
    socket.pipe(socket);
  });
  const said = `<${"0123456789".repeat(1000)}>`;
  const socket = connectTo(server);
  const upgrade = "GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
  let heard = "";
  socket.on("data", (chunk: Buffer) => (heard += chunk.toString()));
  socket.write(GET.repeat(300));
  await expect.poll(() => heard.match(/200 OK/g)).toHaveLength(300);
  socket.end(upgrade + said);
  await once(socket, "close");
  expect(heard.slice(heard.indexOf("<"))).toBe(said);
});

test("a client that goes away leaves no request waiting, and the others are served", async () => {
  const started: string[] = [];
  const onFlood = (): void => void started.push("flood");
  const handle: RequestListener = ({ url = "" }, response) => {
    started.push(url);
    if (url === "/end") response.end();
  };
  const server = await serve(handle, { maxWaiting: 100, onFlood });
  for (let i = 1; i <= 3; i++) {
    const socket = connectTo(server);
    socket.write(GET.repeat(90));
    await expect.poll(() => started).toHaveLength(i);
    socket.destroy();
    await expect.poll(async () => connections(server)).toBe(0);
  }
  connectTo(server).write("GET /end HTTP/1.1\r\nHost: x\r\n\r\n");
  await expect.poll(() => started).toEqual(["/", "/", "/", "/end"]);
});

test("while too many wait in all, a connection that adds to them is cut, and a modest one is not", async () => {
  let floods = 0;
  const server = await serve(() => {}, { maxWaiting: 100, onFlood: () => floods++ });
  const modest = connectTo(server);
  modest.write(GET.repeat(10));
  const greedy = connectTo(server);
  greedy.write(GET.repeat(1000));
  await once(greedy, "close");
  expect(floods).toBeGreaterThan(0);
  expect(await connections(server)).toBe(1);
});

async function connections(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.getConnections((_, count) => resolve(count));
  });
}
