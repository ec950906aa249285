import { once } from "node:events";
import { Agent } from "node:http";
import { connect } from "node:net";
import type { ProbeAnswer } from "@edgezero/rollout/probe";
import { mintProbeToken, parseProbe, PROBE_HEADER } from "@edgezero/rollout/probe";
import type { Answer, SendOptions } from "@edgezero/testbed/http-client";
import { open, responseTo, send } from "@edgezero/testbed/http-client";
import { metricsUrl, scrape } from "@edgezero/testbed/metrics-page";
import type { ProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { startProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import type { Upstream } from "@edgezero/testbed/upstream";
import { startUpstream } from "@edgezero/testbed/upstream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

const SECRET = "a probe secret of the test, of more than 32 characters";
const PREVIOUS = "the probe secret that was in use before it was changed";

let origin: Upstream;
let gateway: ProxiedGateway;

beforeAll(async () => {
  origin = await startUpstream();
  gateway = await startProxiedGateway(origin.url, origin.url, {
    PROBE_SECRET: SECRET,
    PROBE_SECRET_PREVIOUS: PREVIOUS,
    EVENT_SAMPLE_RATE: "1",
  });
});

beforeEach(() => {
  gateway.routeTo("edgezero");
  origin.handler = (_, response) => void response.end("hello");
});

afterAll(async () => {
  await gateway.stopCleanly();
  await origin.close();
});

/** A request, with the headers that are not the token. */
interface ProbeRequest extends Omit<SendOptions, "headers"> {
  readonly headers?: Readonly<Record<string, string>>;
}

async function probe(bucket = 7, options: ProbeRequest = {}, secret = SECRET): Promise<Answer> {
  const headers = { [PROBE_HEADER]: await mintProbeToken({ secret, bucket }) };
  return send(gateway.url, { ...options, headers: { ...options.headers, ...headers } });
}

function answerOf({ headers }: Answer): ProbeAnswer | null {
  return parseProbe(headers[PROBE_HEADER]?.toString());
}

async function sum(name: string, path?: string): Promise<number> {
  const samples = await scrape(metricsUrl(gateway));
  return samples
    .filter((sample) => sample.name === name && (!path || sample.labels["path"] === path))
    .reduce((total, { value }) => total + value, 0);
}

/** What a probe is told is open at EdgeZero, and what the metrics tell. */
async function openAtEdgezero(): Promise<unknown[]> {
  return [answerOf(await probe())?.open, await sum("edgezero_open_connections", "edgezero")];
}

describe("a signed probe", () => {
  test("is answered with the decision and a date, and is no request", async () => {
    const before = await sum("edgezero_requests_total");
    const probes = await sum("edgezero_probes_total");
    origin.handler = (_, response) => void response.writeHead(500).end();
    for (const secret of [SECRET, PREVIOUS]) {
      const answer = await probe(7, { method: "POST", path: "/any", body: "x" }, secret);
      expect([answer.status, answer.text, answer.path]).toEqual([204, "", undefined]);
      expect(Date.parse(answer.headers.date ?? "")).toBeGreaterThan(Date.now() - 60_000);
      expect(answerOf(answer)).toMatchObject({
        path: "edgezero",
        reason: "cutover",
        pct: 100,
        bucket: 7,
        open: 0,
        place: null,
      });
    }
    expect(await sum("edgezero_requests_total")).toBe(before);
    expect(await sum("edgezero_probes_total")).toBe(probes + 2);
    expect(gateway.logged().filter(({ type }) => type === "edgezero-decision")).toEqual([]);
  });

  test("obeys a change of the file that came before it, 200 times", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const token = await mintProbeToken({ secret: SECRET, bucket: 0, lifetimeMs: 60_000 });
    const paths: unknown[] = [];
    for (let i = 0; i < 200; i++) {
      gateway.routeTo(i % 2 === 0 ? "legacy" : "edgezero");
      const answer = await send(gateway.url, { agent, headers: { [PROBE_HEADER]: token } });
      paths.push(answerOf(answer)?.path);
    }
    agent.destroy();
    expect(paths).toEqual(Array.from({ length: 100 }, () => ["legacy", "edgezero"]).flat());
  });

  test("is of the same process as any other, by its name", async () => {
    const names = await Promise.all(
      Array.from({ length: 20 }, async (_, bucket) => answerOf(await probe(bucket))?.instance),
    );
    expect(new Set(names).size).toBe(1);
  });

  test.each([{}, { connection: "Upgrade", upgrade: "websocket" }])(
    "reaches no origin with underscores either, with %j",
    async (headers) => {
      const seen = new Promise<string[]>((resolve) => {
        origin.handler = (request, response) => {
          resolve(request.rawHeaders);
          response.end();
        };
        origin.server.once("upgrade", ({ rawHeaders }, socket) => {
          resolve(rawHeaders);
          socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
        });
      });
      const token = await mintProbeToken({ secret: SECRET, bucket: 7 });
      const spelled = {
        X_EdgeZero_Probe: token,
        "x_edgezero-probe": token,
        x_edgezero_path: "edgezero",
      };
      await send(gateway.url, { headers: { ...headers, ...spelled } });
      origin.server.removeAllListeners("upgrade");
      // The names alone: `via` has the gateway's own name.
      const names = (await seen).filter((_, index) => index % 2 === 0);
      expect(names.filter((name) => /edgezero/i.test(name))).toEqual([]);
    },
  );

  test("is no upgrade: one with a token goes to its origin, which does not see the token", async () => {
    const seen = new Promise<unknown>((resolve) => {
      origin.server.once("upgrade", ({ headers }, socket) => {
        resolve(headers[PROBE_HEADER]);
        socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
      });
    });
    const headers = { connection: "Upgrade", upgrade: "websocket" };
    expect((await probe(7, { headers })).status).toBe(403);
    expect(await seen).toBeUndefined();
  });
});

describe("what is open at EdgeZero", () => {
  test("are responses that are still being sent, from the request on", async () => {
    origin.handler = (request, response) => {
      if (request.url === "/headers") response.writeHead(200).write("part");
    };
    const waiting = open(gateway.url, { path: "/nothing" }).on("error", () => {});
    waiting.end();
    await expect.poll(openAtEdgezero).toEqual([1, 1]);
    const streaming = open(gateway.url, { path: "/headers" });
    streaming.end();
    const response = (await responseTo(streaming)).on("error", () => {});
    await expect.poll(openAtEdgezero).toEqual([2, 2]);
    waiting.destroy();
    await expect.poll(openAtEdgezero).toEqual([1, 1]);
    response.destroy();
    await expect.poll(openAtEdgezero).toEqual([0, 0]);
  });

  test("are not those at legacy, which are counted apart", async () => {
    origin.handler = () => {};
    gateway.routeTo("legacy");
    const request = open(gateway.url).on("error", () => {});
    request.end();
    await expect.poll(async () => sum("edgezero_open_connections", "legacy")).toBe(1);
    await expect.poll(openAtEdgezero).toEqual([0, 0]);
    request.destroy();
    await expect.poll(async () => sum("edgezero_open_connections", "legacy")).toBe(0);
  });

  test("is over with the last byte, and on a connection that stays open too", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = 0; i < 5; i++) expect((await send(gateway.url, { agent })).text).toBe("hello");
    await expect.poll(openAtEdgezero).toEqual([0, 0]);
    agent.destroy();
  });

  test("is over for requests that were sent ahead by a client that went away", async () => {
    origin.handler = () => {};
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n".repeat(5));
    await expect.poll(openAtEdgezero).toEqual([1, 1]);
    socket.destroy();
    await expect.poll(openAtEdgezero).toEqual([0, 0]);
  });
});

describe.each([
  { PATH_HEADER: "signed", secret: {} },
  { PATH_HEADER: "never", secret: { PROBE_SECRET: "" } },
])("with PATH_HEADER=$PATH_HEADER", ({ PATH_HEADER, secret }) => {
  test("no response or upgrade names its path, and events and metrics do", async () => {
    const silent = await startProxiedGateway(origin.url, origin.url, {
      PATH_HEADER,
      EVENT_SAMPLE_RATE: "1",
      ...secret,
    });
    origin.handler = (_, response) =>
      void response.writeHead(200, { "x-edgezero-path": "forged" }).end();
    origin.server.once("upgrade", (_, socket) => {
      socket.end("HTTP/1.1 403 Forbidden\r\nx-edgezero-path: forged\r\ncontent-length: 0\r\n\r\n");
    });
    const upgrade = { connection: "Upgrade", upgrade: "websocket" };
    for (const headers of [{}, { [PROBE_HEADER]: "x" }, upgrade]) {
      const answer = await send(silent.url, { headers });
      expect([answer.path, Object.keys(answer.headers)]).toEqual([
        undefined,
        expect.not.arrayContaining(["x-edgezero-path"]),
      ]);
    }
    const paths = () =>
      silent.logged().flatMap(({ type, path }) => (type === "edgezero-decision" ? [path] : []));
    await expect.poll(paths).toEqual(["edgezero", "edgezero", "edgezero"]);
    await silent.stopCleanly();
  });
});
