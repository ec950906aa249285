import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { mintForceToken } from "@edgezero/rollout/force";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { open, responseTo, send } from "@edgezero/testbed/http-client";
import { metricsUrl, scrape } from "@edgezero/testbed/metrics-page";
import type { ProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { startProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import type { Upstream } from "@edgezero/testbed/upstream";
import { nextRequest, refusingUrl, startUpstream } from "@edgezero/testbed/upstream";

const FORCE_SECRET = "a secret of the test, of more than 32 characters";
const UPGRADE = { connection: "Upgrade", upgrade: "websocket" };
const SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade";

let origin: Upstream;
/** EdgeZero is an HTTP origin, legacy refuses connections. */
let gateway: ProxiedGateway;
/** The same, with an EdgeZero that must be quick. */
let impatient: ProxiedGateway;
/** How many requests were sent that are routed: each must be counted once. */
let sent = 0;

beforeAll(async () => {
  origin = await startUpstream();
  origin.server.on("upgrade", ({ url: target }, socket) => {
    if (target !== "/never") socket.write(`${SWITCHING}\r\n\r\n`);
    socket.on("error", () => {}).on("end", () => socket.end());
  });
  const legacyUrl = await refusingUrl();
  gateway = await startProxiedGateway(legacyUrl, origin.url, { FORCE_SECRET });
  impatient = await startProxiedGateway(legacyUrl, origin.url, { UPSTREAM_TIMEOUT_MS: "2000" });
});

beforeEach(() => {
  gateway.routeTo("edgezero");
  origin.handler = (_, response) => void response.end("hello");
});

afterAll(async () => {
  await Promise.all([gateway.stopCleanly(), impatient.stopCleanly()]);
  await origin.close();
});

type Counts = Record<string, number>;

/** The request counts above 0, by their labels. */
async function countedRequests(by = gateway): Promise<Counts> {
  const samples = (await scrape(metricsUrl(by))).filter(
    ({ name }) => name === "edgezero_requests_total",
  );
  const counts = samples.map(({ labels, value }) => [wordsOf(labels), value] as const);
  return Object.fromEntries<number>(counts.filter(([, value]) => value !== 0));
}

/** How many durations there are, by their labels. */
async function timedRequests(by = gateway): Promise<Counts> {
  const name = "edgezero_request_duration_seconds_count";
  const samples = (await scrape(metricsUrl(by))).filter((sample) => sample.name === name);
  return Object.fromEntries(samples.map(({ labels, value }) => [wordsOf(labels), value]));
}

function wordsOf(labels: Readonly<Record<string, string>>): string {
  return Object.values(labels).join(" ");
}

function difference(after: Counts, before: Counts): Counts {
  const differences = Object.entries(after).map(
    ([key, n]) => [key, n - (before[key] ?? 0)] as const,
  );
  return Object.fromEntries<number>(differences.filter(([, n]) => n !== 0));
}

/** What `action`, which sends that many routed requests, adds to the counts. */
async function counted(
  action: () => Promise<unknown>,
  { requests = 1, by = gateway } = {},
): Promise<Counts> {
  const [before, timedBefore] = [await countedRequests(by), await timedRequests(by)];
  const added = async () => difference(await countedRequests(by), before);
  await action();
  await expect.poll(async () => sumOf(await added())).toBeGreaterThanOrEqual(requests);
  sent += requests;
  expect(sumOf(difference(await timedRequests(by), timedBefore))).toBe(requests);
  return added();
}

function sumOf(counts: Counts): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}

function answering(status: number): void {
  origin.handler = (_, response) => void response.writeHead(status).end();
}

async function startOfAnswer(
  by = gateway,
): Promise<{ request: ReturnType<typeof open>; out: ServerResponse }> {
  const reached = nextRequest(origin);
  const request = open(by.url).end();
  request.on("error", () => {});
  const [, out] = await reached;
  out.write("the first of it");
  const response: IncomingMessage = await responseTo(request);
  response.on("error", () => {}).resume();
  return { request, out };
}

describe("each routed request is counted once, by what became of it", () => {
  test.each([
    [200, "2xx ok"],
    [302, "3xx ok"],
    [404, "4xx ok"],
    [500, "5xx error"],
    [502, "5xx error"],
    [504, "5xx timeout"],
    [599, "5xx error"],
  ])("the origin answers %d: %s", async (status, expected) => {
    answering(status);
    const counts = await counted(() => send(gateway.url));
    expect(counts).toEqual({ [`edgezero cutover ${expected} no`]: 1 });
  });

  test("an origin that refuses is an error, a 502, of its own path", async () => {
    gateway.routeTo("legacy");
    const counts = await counted(async () => expect((await send(gateway.url)).status).toBe(502));
    expect(counts).toEqual({ "legacy rollback 5xx error no": 1 });
  });

  test("an origin that is too slow is a timeout, a 504", async () => {
    origin.handler = () => {};
    const action = async () => expect((await send(impatient.url)).status).toBe(504);
    const counts = await counted(action, { by: impatient });
    expect(counts).toEqual({ "edgezero cutover 5xx timeout no": 1 });
  });

  test("a client that goes away before there are headers is aborted, no error", async () => {
    const counts = await counted(async () => {
      const reached = nextRequest(origin);
      const request = open(gateway.url).end();
      request.on("error", () => {});
      const [incoming] = await reached;
      request.destroy();
      await once(incoming.socket, "close");
    });
    expect(counts).toEqual({ "edgezero cutover 5xx aborted no": 1 });
  });

  test("a client that goes away in the middle of the body is aborted", async () => {
    const counts = await counted(async () => (await startOfAnswer()).request.destroy());
    expect(counts).toEqual({ "edgezero cutover 2xx aborted no": 1 });
  });

  test("an origin that breaks off in the middle of the body is an error", async () => {
    const counts = await counted(async () => (await startOfAnswer()).out.destroy());
    expect(counts).toEqual({ "edgezero cutover 2xx error no": 1 });
  });

  test("an origin that stops in the middle of the body is an error", async () => {
    const counts = await counted(async () => startOfAnswer(impatient), { by: impatient });
    expect(counts).toEqual({ "edgezero cutover 2xx error no": 1 });
  });

  test("an upgrade is counted once it is answered", async () => {
    const counts = await counted(async () => {
      const request = open(gateway.url, { headers: UPGRADE }).end();
      const [, socket] = (await once(request, "upgrade")) as [unknown, NodeJS.WritableStream];
      socket.end();
    });
    expect(counts).toEqual({ "edgezero cutover 1xx ok no": 1 });
  });

  test("an upgrade whose client goes away before the answer is aborted, no error", async () => {
    const counts = await counted(async () => {
      const reached = once(origin.server, "upgrade");
      const request = open(`${gateway.url}/never`, { headers: UPGRADE }).end();
      request.on("error", () => {});
      await reached;
      request.destroy();
    });
    expect(counts).toEqual({ "edgezero cutover 5xx aborted no": 1 });
  });

  test("an upgrade that the origin refuses is an error", async () => {
    gateway.routeTo("legacy");
    const counts = await counted(async () => {
      const { statusCode } = await responseTo(open(gateway.url, { headers: UPGRADE }).end());
      expect(statusCode).toBe(502);
    });
    expect(counts).toEqual({ "legacy rollback 5xx error no": 1 });
  });
});

describe("what is no evidence is counted apart", () => {
  test("forced requests", async () => {
    gateway.routeTo("legacy");
    const lifetimeMs = 60_000;
    const token = await mintForceToken({ secret: FORCE_SECRET, path: "edgezero", lifetimeMs });
    const counts = await counted(
      async () => {
        await send(gateway.url, { headers: { "x-edgezero-force": token } });
        await send(gateway.url, { headers: { "x-edgezero-force": "forged" } });
      },
      { requests: 2 },
    );
    expect(counts).toEqual({
      "edgezero forced 2xx ok forced": 1,
      "legacy rollback 5xx error no": 1,
    });
  });

  test("health checks that reach a handler", async () => {
    const counts = await counted(
      async () => {
        await send(`${gateway.url}/health`, { method: "PUT" });
        await send(`${gateway.url}/health?q`, { method: "POST" });
        await send(`${gateway.url}/healthy`);
      },
      { requests: 3 },
    );
    expect(counts).toEqual({
      "edgezero cutover 2xx ok health": 2,
      "edgezero cutover 2xx ok no": 1,
    });
  });

  test("and a health check that the gateway answers makes none", async () => {
    const counts = await counted(async () => {
      for (let i = 0; i < 10; i++) {
        expect((await send(`${gateway.url}/health?${i}`)).text).toBe("ok");
      }
      // One that is counted comes after them.
      await send(gateway.url);
    });
    expect(counts).toEqual({ "edgezero cutover 2xx ok no": 1 });
  });

  test("their durations have a label of their own", async () => {
    const before = await timedRequests();
    await counted(() => send(`${gateway.url}/health`, { method: "PUT" }));
    expect(difference(await timedRequests(), before)).toEqual({ "edgezero false ok": 1 });
  });
});

test("in all there are as many counts as requests: none was counted late, or twice", async () => {
  const counts = [await countedRequests(), await countedRequests(impatient)];
  expect(counts.reduce((sum, each) => sum + sumOf(each), 0)).toBe(sent);
});
