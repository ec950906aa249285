import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { Agent } from "node:http";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { buffer, text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { open, responseTo, send } from "@edgezero/testbed/http-client";
import type { ProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { startProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import type { RawUpstream, Upstream } from "@edgezero/testbed/upstream";
import {
  nextRequest,
  refusingUrl,
  startRawUpstream,
  startUpstream,
} from "@edgezero/testbed/upstream";

/** The time of a gateway whose origin must answer late. */
const IMPATIENT_MS = 200;
/** The time of a gateway whose origin must answer in time: this process may stop for a while. */
const STRICT_MS = 2000;
const BAD_GATEWAY = "502 Bad Gateway: the origin could not be reached.\n";
const GATEWAY_TIMEOUT = "504 Gateway Timeout: the origin took too long.\n";

let http: Upstream;
let raw: RawUpstream;
/** EdgeZero is an HTTP origin, legacy refuses connections. */
let gateway: ProxiedGateway;
/** EdgeZero is an HTTP origin, legacy speaks raw TCP. */
let patient: ProxiedGateway;
let strict: ProxiedGateway;
let impatient: ProxiedGateway;

beforeAll(async () => {
  http = await startUpstream();
  raw = await startRawUpstream();
  gateway = await startProxiedGateway(await refusingUrl(), http.url);
  patient = await startProxiedGateway(raw.url, http.url);
  strict = await startWithin(STRICT_MS);
  impatient = await startWithin(IMPATIENT_MS);
});

afterAll(async () => {
  await Promise.all([gateway, patient, strict, impatient].map(async (each) => each.stopCleanly()));
  await Promise.all([http.close(), raw.close()]);
});

async function startWithin(timeoutMs: number): Promise<ProxiedGateway> {
  return startProxiedGateway(raw.url, http.url, { UPSTREAM_TIMEOUT_MS: String(timeoutMs) });
}

const end = (socket: Socket): void => void socket.end();
const reset = (socket: Socket): void => void socket.resetAndDestroy();

/** How the transfer of a body ends. */
async function endOf(response: IncomingMessage): Promise<"complete" | "broken off"> {
  return buffer(response).then(
    () => "complete",
    () => "broken off",
  );
}

describe("an origin that cannot be reached", () => {
  test.each([
    ["GET", {}],
    ["HEAD", { method: "HEAD" }],
    ["POST", { method: "POST", body: "body" }],
    ["a large POST", { method: "POST", body: Buffer.alloc(5_000_000) }],
  ])("refused: 502 for %s, and the client's connection goes on", async (name, options) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const expected = name === "HEAD" ? "" : BAD_GATEWAY;
    for (let i = 0; i < 10; i++) {
      gateway.routeTo("legacy");
      const { status, text: body, path } = await send(gateway.url, { agent, ...options });
      expect([status, body, path]).toEqual([502, expected, "legacy"]);
      gateway.routeTo("edgezero");
      expect((await send(gateway.url, { agent, ...options })).status).toBe(200);
    }
    agent.destroy();
  });

  test.each([
    ["closes the connection", (socket: Socket) => socket.end()],
    ["resets the connection", (socket: Socket) => socket.resetAndDestroy()],
    ["answers with garbage", (socket: Socket) => socket.end("SSH-2.0-OpenSSH_9.9\r\n\r\n")],
    ["breaks off in its headers", (socket: Socket) => socket.end("HTTP/1.1 200 OK\r\nX-A")],
    [
      "sends an invalid header",
      (socket: Socket) => socket.end("HTTP/1.1 200 OK\r\nA\0: b\r\n\r\n"),
    ],
    ["upgrades unasked", (socket: Socket) => socket.end("HTTP/1.1 101 x\r\nupgrade: y\r\n\r\n")],
  ])("%s: 502", async (_, behave) => {
    patient.routeTo("legacy");
    raw.handler = (socket) => void socket.once("data", () => behave(socket));
    const { status, text: body, path } = await send(patient.url);
    expect([status, body, path]).toEqual([502, BAD_GATEWAY, "legacy"]);
  });

  test.each([
    ["Latin-1", Buffer.from("Non trouv\xe9", "latin1")],
    ["UTF-8", Buffer.from("Не найдено")],
    ["a control character", Buffer.from("Not\u0001Found")],
  ])("a reason phrase in %s is at worst replaced, and ends no process", async (_, phrase) => {
    patient.routeTo("legacy");
    const head = [Buffer.from("HTTP/1.1 404 "), phrase, Buffer.from("\r\ncontent-length: 4\r\n")];
    const answer = Buffer.concat([...head, Buffer.from("connection: close\r\n\r\ngone")]);
    raw.handler = (socket) => void socket.once("data", () => socket.end(answer));
    for (let i = 0; i < 2; i++) {
      const { status, text: body, path } = await send(patient.url);
      expect([
        [404, "gone"],
        [502, BAD_GATEWAY],
      ]).toContainEqual([status, body]);
      expect(path).toBe("legacy");
    }
  });

  test("a 205 keeps the body that its headers promise", async () => {
    patient.routeTo("legacy");
    const answer = "HTTP/1.1 205 Reset\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello";
    raw.handler = (socket) => void socket.once("data", () => socket.end(answer));
    const { status, text: body } = await send(patient.url);
    expect([status, body]).toEqual([205, "hello"]);
  });

  test("an origin that answers before it has the whole upload is heard", async () => {
    http.handler = (_, response) => void response.writeHead(413, { connection: "close" }).end("no");
    gateway.routeTo("edgezero");
    const request = open(gateway.url, { method: "POST", headers: { "content-length": "1000000" } });
    request.on("error", () => {});
    request.write("the first of it");
    const response = await responseTo(request);
    expect([response.statusCode, await text(response)]).toEqual([413, "no"]);
    request.destroy();
  });
});

describe("an origin that is too slow", () => {
  test.each(["GET", "POST"])(
    "no answer: 504 for %s, and its request is aborted",
    async (method) => {
      impatient.routeTo("edgezero");
      const reached = nextRequest(http);
      const answered = send(impatient.url, { method });
      const [incoming] = await reached;
      const isAborted = once(incoming.socket, "close");
      const { status, text: body, path } = await answered;
      expect([status, body, path]).toEqual([504, GATEWAY_TIMEOUT, "edgezero"]);
      await isAborted;
    },
  );

  test("only the beginning of the headers: 504", async () => {
    impatient.routeTo("legacy");
    raw.handler = (socket) => void socket.once("data", () => socket.write("HTTP/1.1 200 OK\r\nX-"));
    expect((await send(impatient.url)).status).toBe(504);
  });

  test("nothing more between two chunks: the client's transfer breaks off", async () => {
    strict.routeTo("edgezero");
    http.handler = (_, response) => void response.write("first");
    const response = await responseTo(open(strict.url).end());
    expect(response.statusCode).toBe(200);
    expect(await endOf(response)).toBe("broken off");
  });

  test("a slow upload is not a slow origin", async () => {
    strict.routeTo("edgezero");
    http.handler = async (request, response) => void response.end(await text(request));
    const request = open(strict.url, { method: "POST" });
    for (const chunk of ["a", "b", "c", "d"]) {
      request.write(chunk);
      await wait(STRICT_MS / 1.5);
    }
    request.end();
    const response = await responseTo(request);
    expect([response.statusCode, await text(response)]).toEqual([200, "abcd"]);
  });

  test("nor is a client that reads slowly", async () => {
    strict.routeTo("edgezero");
    http.handler = (_, response) => void response.end(Buffer.alloc(30_000_000));
    const response = await responseTo(open(strict.url).end());
    response.pause();
    await wait(STRICT_MS * 2);
    expect((await buffer(response)).length).toBe(30_000_000);
  });
});

describe("an origin that dies in the middle of a body", () => {
  test.each([
    ["with content-length", "Content-Length: 100\r\n\r\nfirst", end],
    ["chunked", "Transfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n", end],
    ["chunked, in a chunk", "Transfer-Encoding: chunked\r\n\r\nff\r\nfirst", end],
    ["of no stated length, by a reset", "Connection: close\r\n\r\nfirst", reset],
  ])("%s: the client's transfer breaks off too", async (_, rest, die) => {
    patient.routeTo("legacy");
    raw.handler = (socket) => {
      socket.once("data", () => socket.write(`HTTP/1.1 200 OK\r\n${rest}`));
    };
    const connected = new Promise<Socket>((resolve) => {
      const { handler } = raw;
      raw.handler = (socket) => {
        handler(socket);
        resolve(socket);
      };
    });
    const response = await responseTo(open(patient.url).end());
    await once(response, "readable");
    die(await connected);
    expect(await endOf(response)).toBe("broken off");
  });

  test("a broken chunk: the client's transfer breaks off too", async () => {
    patient.routeTo("legacy");
    const body = "Transfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\nnonsense\r\n";
    raw.handler = (socket) => {
      socket.once("data", () => socket.write(`HTTP/1.1 200 OK\r\n${body}`));
    };
    expect(await endOf(await responseTo(open(patient.url).end()))).toBe("broken off");
  });
});

describe("a client that goes away", () => {
  test("before the headers: the origin's request is aborted", async () => {
    gateway.routeTo("edgezero");
    const reached = nextRequest(http);
    const request = open(gateway.url).end();
    request.on("error", () => {});
    const [, response] = await reached;
    const isAborted = once(response, "close");
    request.destroy();
    await isAborted;
    expect(response.writableFinished).toBe(false);
  });

  test("in the middle of the response: the origin's is aborted", async () => {
    gateway.routeTo("edgezero");
    const reached = nextRequest(http);
    const request = open(gateway.url).end();
    const [, origin] = await reached;
    origin.write("first");
    const response = await responseTo(request);
    response.on("error", () => {});
    await once(response, "readable");
    const isAborted = once(origin, "close");
    response.destroy();
    await isAborted;
    expect(origin.writableFinished).toBe(false);
  });

  test.each([
    ["with content-length", { "content-length": "1000" }],
    ["chunked", {}],
  ])("in the middle of an upload, %s: the origin's is aborted", async (_, headers) => {
    gateway.routeTo("edgezero");
    const reached = nextRequest(http);
    const request = open(gateway.url, { method: "POST", headers });
    request.on("error", () => {});
    request.write("first");
    const [incoming] = await reached;
    await once(incoming, "data");
    const isAborted = once(incoming, "error");
    request.destroy();
    await isAborted;
    expect(incoming.complete).toBe(false);
  });

  test("before the turn of its second request: the first is aborted, the second never sent", async () => {
    gateway.routeTo("edgezero");
    const reached: string[] = [];
    const aborted: string[] = [];
    http.handler = ({ url = "" }, response) => {
      reached.push(url);
      response.on("close", () => aborted.push(url));
    };
    const socket = connect(gateway.port, "127.0.0.1");
    for (const path of ["/1", "/2"]) socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await expect.poll(() => reached).toEqual(["/1"]);
    socket.destroy();
    await expect.poll(() => aborted).toEqual(["/1"]);
    http.handler = (_, response) => void response.end("alive");
    expect((await send(gateway.url)).text).toBe("alive");
    expect(reached).toEqual(["/1"]);
  });

  test("200 of them at once do no harm", async () => {
    gateway.routeTo("edgezero");
    let reached = 0;
    let aborted = 0;
    http.handler = (_, response) => {
      reached++;
      response.write("first");
      response.on("close", () => aborted++);
    };
    const requests = Array.from({ length: 200 }, () => {
      return open(gateway.url, { method: "POST" }).on("error", () => {});
    });
    for (const request of requests) request.write("first");
    await expect.poll(() => reached).toBe(200);
    for (const request of requests) request.destroy();
    http.handler = (_, response) => void response.end("alive");
    expect((await send(gateway.url)).text).toBe("alive");
    await expect.poll(() => aborted).toBe(200);
  });
});
