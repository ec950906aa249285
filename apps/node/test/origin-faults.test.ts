// Each kind of fault of an origin: the answer, the event's `error`, the metric, and the line at warn.
import { once } from "node:events";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { open, send } from "@edgezero/testbed/http-client";
import { metricsUrl, scrape } from "@edgezero/testbed/metrics-page";
import type { ProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { startProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import type { RawUpstream } from "@edgezero/testbed/upstream";
import { refusingUrl, startRawUpstream } from "@edgezero/testbed/upstream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const UPGRADE = { connection: "upgrade", upgrade: "websocket" };

let raw: RawUpstream;
let gateway: ProxiedGateway;

beforeEach(async () => {
  raw = await startRawUpstream();
});
afterEach(async () => {
  await gateway.stopCleanly();
  await raw.close();
});

/** Only what waits for the limit has a short one: the origin is in this process, which may stop for a while. */
async function start(url: string, timeoutMs = 30_000): Promise<void> {
  const env = { UPSTREAM_TIMEOUT_MS: String(timeoutMs), EVENT_SAMPLE_RATE: "1", METRICS_PORT: "0" };
  gateway = await startProxiedGateway(raw.url, url, env);
}

function events(): Record<string, unknown>[] {
  return gateway.logged().filter(({ type }) => type === "edgezero-decision");
}

function warnings(): Record<string, unknown>[] {
  return gateway.logged().filter(({ msg }) => msg === "the origin failed");
}

/** How often each kind was counted for EdgeZero, without those that were not. */
async function counted(): Promise<Record<string, number>> {
  const samples = await scrape(metricsUrl(gateway));
  const own = samples.filter(
    ({ name, labels, value }) =>
      name === "edgezero_origin_faults_total" && labels["path"] === "edgezero" && value > 0,
  );
  return Object.fromEntries(own.map(({ labels, value }) => [labels["kind"] ?? "", value]));
}

const hang = (): void => {};
const reset = (socket: Socket): void => void socket.once("data", () => socket.resetAndDestroy());
const garbage = (socket: Socket): void => void socket.once("data", () => socket.end("SSH-2.0\r\n"));

describe.each([
  { kind: "refused", at: refusingUrl, behave: hang, status: 502, outcome: "error" },
  { kind: "dns", at: async () => "http://no.invalid", behave: hang, status: 502, outcome: "error" },
  { kind: "timeout", at: async () => raw.url, behave: hang, status: 504, outcome: "timeout" },
  { kind: "reset", at: async () => raw.url, behave: reset, status: 502, outcome: "error" },
  { kind: "malformed", at: async () => raw.url, behave: garbage, status: 502, outcome: "error" },
  {
    kind: "tls",
    at: async () => raw.url.replace("http:", "https:"),
    behave: garbage,
    status: 502,
    outcome: "error",
  },
])("an origin's fault of the kind $kind", ({ kind, at, behave, status, outcome }) => {
  test("is named by the event, the metric and the log, of requests and upgrades", async () => {
    raw.handler = behave;
    await start(await at(), kind === "timeout" ? 300 : undefined);
    expect((await send(gateway.url)).status).toBe(status);
    await expect.poll(events).toMatchObject([{ path: "edgezero", status, outcome, error: kind }]);
    await expect.poll(warnings).toMatchObject([{ level: 40, path: "edgezero", kind, count: 1 }]);
    expect(await counted()).toEqual({ [kind]: 1 });

    expect((await send(gateway.url, { headers: UPGRADE })).status).toBe(status);
    await expect.poll(events).toMatchObject([{}, { status, outcome, error: kind }]);
    expect(await counted()).toEqual({ [kind]: 2 });
  });
});

test("an origin that breaks off in the middle of a body: the event says how", async () => {
  raw.handler = (socket) =>
    void socket.once("data", () => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nsome", () => {
        setImmediate(() => socket.resetAndDestroy());
      });
    });
  await start(raw.url);
  await expect(send(gateway.url)).rejects.toMatchObject({ code: "ECONNRESET" });
  await expect.poll(events).toMatchObject([{ status: 200, outcome: "error", error: "reset" }]);
  expect(await counted()).toEqual({ reset: 1 });
});

test("an upgrade whose origin fails is one line a minute at warn, as a request is", async () => {
  await start(await refusingUrl());
  for (let i = 0; i < 3; i++) await send(gateway.url, { headers: UPGRADE });
  await expect.poll(events).toHaveLength(3);
  await expect.poll(warnings).toMatchObject([{ level: 40, kind: "refused", code: "ECONNREFUSED" }]);
  expect(await counted()).toEqual({ refused: 3 });
});

test.each([
  { name: "a request", headers: {} },
  { name: "an upgrade", headers: UPGRADE },
])("a client that goes away during $name is no fault of the origin", async ({ headers }) => {
  const asked = Promise.withResolvers<Socket>();
  raw.handler = (socket) => void socket.once("data", () => asked.resolve(socket));
  await start(raw.url);
  const request = open(gateway.url, { headers });
  request.on("error", () => {});
  request.end();
  const origin = await asked.promise;
  request.destroy();
  if (!origin.destroyed) await once(origin, "close");
  await expect.poll(events).toMatchObject([{ outcome: "aborted", error: null }]);
  expect(warnings()).toEqual([]);
  expect(await counted()).toEqual({});
});

test("a client that breaks off its upload is no fault of the origin", async () => {
  const asked = Promise.withResolvers<Socket>();
  raw.handler = (socket) => void socket.once("data", () => asked.resolve(socket));
  await start(raw.url);
  const client = connect(gateway.port, "127.0.0.1");
  client.on("error", () => {});
  client.write("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\nsome");
  const origin = await asked.promise;
  client.resetAndDestroy();
  if (!origin.destroyed) await once(origin, "close");
  await expect.poll(events).toMatchObject([{ outcome: "aborted", error: null }]);
  expect(warnings()).toEqual([]);
  expect(await counted()).toEqual({});
});
