import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { fnv1aBucket } from "@edgezero/rollout";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { open, responseTo, send } from "@edgezero/testbed/http-client";
import type { ProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { startProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import type { RawUpstream, Upstream } from "@edgezero/testbed/upstream";
import { refusingUrl, startRawUpstream, startUpstream } from "@edgezero/testbed/upstream";

/** Long enough for an origin in this process, which may stop for a while. */
const IMPATIENT_MS = 2000;
const CLIENT = "127.66.4.98";
const BUCKET = fnv1aBucket(CLIENT);
const HEADERS = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Version": "13",
};
const SWITCHING = [
  "HTTP/1.1 101 Switching Protocols",
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
  "X-EdgeZero-Path: forged",
  "X-EdgeZero-Decision: forged",
  "X-EdgeZero-Force: forged",
];

type OnUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

let http: Upstream;
let onUpgrade: OnUpgrade;
let raw: RawUpstream;
/** EdgeZero is an HTTP origin that upgrades; legacy refuses connections. */
let gateway: ProxiedGateway;
/** EdgeZero the same; legacy speaks raw TCP. */
let patient: ProxiedGateway;
let impatient: ProxiedGateway;

beforeAll(async () => {
  http = await startUpstream();
  http.server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    onUpgrade(request, socket, head);
  });
  raw = await startRawUpstream();
  gateway = await startProxiedGateway(await refusingUrl(), http.url);
  patient = await startProxiedGateway(raw.url, http.url);
  impatient = await startProxiedGateway(raw.url, http.url, {
    UPSTREAM_TIMEOUT_MS: String(IMPATIENT_MS),
  });
});

beforeEach(() => {
  gateway.routeTo("edgezero");
  onUpgrade = (_, socket) => {
    socket.write(`${SWITCHING.join("\r\n")}\r\n\r\n`);
    socket.pipe(socket);
  };
});

afterAll(async () => {
  await Promise.all([gateway, patient, impatient].map(async (each) => each.stopCleanly()));
  await Promise.all([http.close(), raw.close()]);
});

interface Upgraded {
  readonly response: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
}

async function upgrade(url: string, headers: Record<string, string> = {}): Promise<Upgraded> {
  const request = open(url, { clientIp: CLIENT, headers: { ...HEADERS, ...headers } }).end();
  const [response, socket, head] = (await once(request, "upgrade")) as [
    IncomingMessage,
    Socket,
    Buffer,
  ];
  socket.on("error", () => socket.destroy());
  return { response, socket, head };
}

/** The next upgrade at the origin, which is left to the test. Take it before it is asked for. */
function nextUpgrade(): Promise<[IncomingMessage, Duplex, Buffer]> {
  return new Promise((resolve) => {
    onUpgrade = (...args) => resolve(args);
  });
}

async function readUntil(stream: Duplex, length: number): Promise<string> {
  let received = "";
  while (received.length < length) received += String((await once(stream, "data"))[0]);
  return received;
}

/** Resolves once the other end of a connection has closed it or is gone. */
async function goneOf(stream: Duplex): Promise<true> {
  stream.resume();
  await Promise.race([once(stream, "end"), once(stream, "close")]);
  return true;
}

async function readSlowly(stream: Duplex): Promise<number> {
  let length = 0;
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    length += (chunk as Buffer).length;
    await wait(1);
  }
  return length;
}

describe("an upgrade that the origin agrees to", () => {
  test("101 passes as it is, with the path, and bytes flow both ways", async () => {
    const { response, socket } = await upgrade(gateway.url);
    expect(response.statusCode).toBe(101);
    expect(response.statusMessage).toBe("Switching Protocols");
    expect(response.headers).toMatchObject({
      upgrade: "websocket",
      connection: "Upgrade",
      "sec-websocket-accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
      "x-edgezero-path": "edgezero",
    });
    for (const message of ["first", "second", "x".repeat(1_000_000)]) {
      const echoed = readUntil(socket, message.length);
      socket.write(message);
      expect(await echoed).toBe(message);
    }
    socket.destroy();
  });

  test("the origin gets the client's headers, with its address", async () => {
    const upgraded = nextUpgrade();
    const request = open(gateway.url, {
      clientIp: CLIENT,
      path: "//evil.example/socket?a=b",
      headers: { ...HEADERS, "X-EdgeZero-Path": "legacy", Host: "site.example" },
    }).end();
    request.on("error", () => {});
    const [incoming, socket] = await upgraded;
    expect(incoming.url).toBe("//evil.example/socket?a=b");
    expect(incoming.headers).toMatchObject({
      host: new URL(http.url).host,
      "x-forwarded-for": CLIENT,
      "x-forwarded-host": "site.example",
      "sec-websocket-key": HEADERS["Sec-WebSocket-Key"],
    });
    expect(incoming.headers["x-edgezero-path"]).toBeUndefined();
    request.destroy();
    await goneOf(socket);
  });

  test("bytes that come with the request and with the answer are kept", async () => {
    onUpgrade = (_, socket, head) => {
      socket.write(`${SWITCHING.join("\r\n")}\r\n\r\nwelcome,`);
      socket.write(head);
      socket.pipe(socket);
    };
    const socket = connect({ port: gateway.port, host: "127.0.0.1", localAddress: CLIENT });
    const headers = Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET / HTTP/1.1\r\nHost: x\r\n${headers.join("")}\r\nearly,`);
    let received = "";
    socket.on("data", (chunk) => {
      received += String(chunk);
    });
    socket.write("late");
    await expect.poll(() => received).toMatch(/\r\n\r\nwelcome,early,late$/);
    socket.destroy();
  });

  test.each([
    [BUCKET, "legacy", 502],
    [BUCKET + 1, "edgezero", 101],
  ])("goes by the client's bucket: at %i per cent to %s", async (pct, path, status) => {
    gateway.writeConfig({ edgezero_enabled: "true", edgezero_rollout_pct: String(pct) });
    const request = open(gateway.url, { clientIp: CLIENT, headers: HEADERS }).end();
    const [response, socket] = (await Promise.race([
      once(request, "upgrade"),
      once(request, "response"),
    ])) as [IncomingMessage, Socket | undefined];
    expect([response.statusCode, response.headers["x-edgezero-path"]]).toEqual([status, path]);
    response.resume();
    socket?.destroy();
  });

  test("it may be silent for longer than an origin may take to answer", async () => {
    impatient.routeTo("edgezero");
    const { socket } = await upgrade(impatient.url);
    await Promise.race([wait(1.5 * IMPATIENT_MS), once(socket, "close")]);
    const echoed = readUntil(socket, 5);
    socket.write("still");
    expect(await echoed).toBe("still");
    socket.destroy();
  });
});

describe("an end of one side is an end of the other", () => {
  test.each([
    ["ends", (socket: Duplex) => socket.end("bye")],
    ["breaks", (socket: Duplex) => socket.destroy()],
    ["resets", (socket: Duplex) => (socket as Socket).resetAndDestroy()],
  ])("the origin %s", async (name, end) => {
    const upgraded = nextUpgrade();
    const client = upgrade(gateway.url);
    const [, origin] = await upgraded;
    origin.write(`${SWITCHING.join("\r\n")}\r\n\r\n`);
    const { socket } = await client;
    const received = buffer(socket);
    end(origin);
    expect((await received.catch(() => "")).toString()).toBe(name === "ends" ? "bye" : "");
    if (!socket.closed) await once(socket, "close");
  });

  test.each([
    ["ends", (socket: Socket) => socket.end("bye")],
    ["breaks", (socket: Socket) => socket.destroy()],
    ["resets", (socket: Socket) => socket.resetAndDestroy()],
  ])("the client %s", async (name, end) => {
    const upgraded = nextUpgrade();
    const client = upgrade(gateway.url);
    const [, origin] = await upgraded;
    origin.write(`${SWITCHING.join("\r\n")}\r\n\r\n`);
    const { socket } = await client;
    const received = buffer(origin);
    end(socket);
    expect((await received.catch(() => "")).toString()).toBe(name === "ends" ? "bye" : "");
    origin.destroy();
  });

  test.each([
    ["breaks", (socket: Socket) => socket.destroy()],
    ["resets", (socket: Socket) => socket.resetAndDestroy()],
  ])("the client %s before the origin has answered", async (_, end) => {
    const upgraded = nextUpgrade();
    const request = open(gateway.url, { headers: HEADERS }).end();
    request.on("error", () => {});
    const [, origin] = await upgraded;
    const isGone = goneOf(origin);
    end(request.socket as Socket);
    expect(await isGone).toBe(true);
  });

  test("the origin ends, and a client that reads slowly still gets all", async () => {
    const upgraded = nextUpgrade();
    const client = upgrade(gateway.url);
    const [, origin] = await upgraded;
    origin.write(`${SWITCHING.join("\r\n")}\r\n\r\n`);
    const { socket } = await client;
    origin.end(Buffer.alloc(20_000_000));
    expect(await readSlowly(socket)).toBe(20_000_000);
  });

  test("the client ends, and an origin that reads slowly gets all, and may still answer", async () => {
    const upgraded = nextUpgrade();
    const client = upgrade(gateway.url);
    const [, origin] = await upgraded;
    origin.write(`${SWITCHING.join("\r\n")}\r\n\r\n`);
    const { socket } = await client;
    socket.end(Buffer.alloc(20_000_000));
    expect(await readSlowly(origin)).toBe(20_000_000);
    origin.end("got it");
    expect((await buffer(socket)).toString()).toBe("got it");
  });
});

describe("an upgrade that fails", () => {
  test.each([
    ["with content-length", "Content-Length: 6\r\n\r\nno way"],
    ["chunked", "Transfer-Encoding: chunked\r\n\r\n6\r\nno way\r\n0\r\n\r\n"],
  ])("the origin refuses, %s: its answer passes", async (_, rest) => {
    onUpgrade = (__, socket) => {
      socket.end(`HTTP/1.1 403 Not You\r\nX-EdgeZero-Path: forged\r\nX-Why: x\r\n${rest}`);
    };
    const answer = await send(gateway.url, { headers: HEADERS });
    expect(answer).toMatchObject({ status: 403, statusText: "Not You", path: "edgezero" });
    expect([answer.text, answer.headers["x-why"]]).toEqual(["no way", "x"]);
  });

  test("the origin cannot be reached: 502, with the path", async () => {
    gateway.routeTo("legacy");
    expect(await send(gateway.url, { headers: HEADERS })).toMatchObject({
      status: 502,
      path: "legacy",
    });
  });

  test.each([
    ["closes the connection", (socket: Socket) => socket.end()],
    ["resets the connection", (socket: Socket) => socket.resetAndDestroy()],
    ["answers with garbage", (socket: Socket) => socket.end("SSH-2.0-OpenSSH_9.9\r\n\r\n")],
  ])("the origin %s: 502, with the path", async (_, behave) => {
    patient.routeTo("legacy");
    raw.handler = (socket) => void socket.once("data", () => behave(socket));
    expect(await send(patient.url, { headers: HEADERS })).toMatchObject({
      status: 502,
      path: "legacy",
    });
  });

  test("the origin is too slow: 504, with the path", async () => {
    impatient.routeTo("legacy");
    raw.handler = () => {};
    expect(await send(impatient.url, { headers: HEADERS })).toMatchObject({
      status: 504,
      path: "legacy",
    });
  });
});

describe("what asks for an upgrade but is not one", () => {
  // Java's and curl's HTTP/2 clients ask so with every first request in the clear.
  const h2c = { Connection: "Upgrade, HTTP2-Settings", Upgrade: "h2c", "HTTP2-Settings": "AAM" };

  test.each(["h2c", "websocket"])("a request with a body is served: %s", async (protocol) => {
    http.handler = (request, response) => void request.pipe(response);
    const body = "x".repeat(1_000_000);
    const headers = { ...h2c, Upgrade: protocol };
    const answer = await send(gateway.url, { method: "POST", headers, body });
    expect([answer.status, answer.text, answer.path]).toEqual([200, body, "edgezero"]);
  });

  test("a health check is answered", async () => {
    const answer = await send(gateway.url, { path: "/health", headers: h2c });
    expect([answer.status, answer.text]).toEqual([200, "ok"]);
  });

  test("without origins, the built-in handlers answer", async () => {
    const builtIn = await startProxiedGateway("", "");
    const request = open(builtIn.url, { headers: HEADERS }).end();
    const response = await responseTo(request);
    expect([response.statusCode, response.headers["x-edgezero-path"]]).toEqual([200, "edgezero"]);
    expect((await buffer(response)).toString()).toContain("EdgeZero");
    await builtIn.stopCleanly();
  });
});
