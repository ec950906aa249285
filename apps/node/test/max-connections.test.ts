import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent } from "node:http";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { send } from "@edgezero/testbed/http-client";
import { parseMetrics } from "@edgezero/testbed/metrics-page";
import type { ProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { startProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { NODE_APP } from "@edgezero/testbed/node/start-node-gateway";
import { startProcess } from "@edgezero/testbed/process/start-process";
import type { Upstream } from "@edgezero/testbed/upstream";
import { startUpstream } from "@edgezero/testbed/upstream";

const GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

let origin: Upstream;
let gateway: ProxiedGateway;
let sockets: Socket[];

beforeEach(async () => {
  origin = await startUpstream(() => {});
  sockets = [];
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await gateway.stopCleanly();
  await origin.close();
});

function metricsUrl(): string {
  const started = gateway.logged().find(({ msg }) => msg === "gateway started");
  return String(started?.["metrics"]);
}

async function metric(name: string): Promise<number | undefined> {
  const samples = parseMetrics((await send(metricsUrl())).text);
  return samples.find((sample) => sample.name === name)?.value;
}

/** Opens connections, each with a request that the origin does not answer. */
async function occupy(count: number): Promise<void> {
  const before = (await metric("edgezero_client_connections")) ?? 0;
  for (let i = 0; i < count; i++) {
    const socket = connect(gateway.port, "127.0.0.1").on("error", () => {});
    socket.write(GET);
    sockets.push(socket);
  }
  await expect.poll(async () => metric("edgezero_client_connections")).toBe(before + count);
}

test("beyond MAX_CONNECTIONS: 503, but for health checks and the metrics", async () => {
  gateway = await startProxiedGateway(origin.url, origin.url, {
    MAX_CONNECTIONS: "5",
    READY_PATH: "/ready",
  });
  await occupy(5);
  const { status, headers } = await send(gateway.url);
  expect([status, headers["retry-after"], headers["connection"]]).toEqual([503, "1", "close"]);
  expect((await send(`${gateway.url}/health`)).text).toBe("ok");
  expect((await send(`${gateway.url}/ready`)).text).toBe("ready");
  expect(await metric("edgezero_client_refused_total")).toBe(1);
  for (const socket of sockets) socket.destroy();
  await expect.poll(async () => metric("edgezero_client_connections")).toBe(0);
  origin.handler = (_, response) => void response.end("served");
  expect((await send(gateway.url)).text).toBe("served");
});

test("idle connections give way at the limit", async () => {
  gateway = await startProxiedGateway(origin.url, origin.url, { MAX_CONNECTIONS: "3" });
  origin.handler = (_, response) => void response.end("served");
  const agents = [1, 2, 3].map(() => new Agent({ keepAlive: true }));
  for (const agent of agents) expect((await send(gateway.url, { agent })).status).toBe(200);
  expect((await send(gateway.url)).status).toBe(503);
  expect((await send(gateway.url)).status).toBe(200);
  for (const agent of agents) agent.destroy();
});

test("a process that may open few files serves fewer clients, and decides as before", async () => {
  gateway = await startProxiedGateway(origin.url, origin.url);
  const folder = mkdtempSync(join(tmpdir(), "edgezero-files-"));
  const config = join(folder, "rollout.json");
  const write = (): void =>
    writeFileSync(config, '{ "edgezero_enabled": "true", "edgezero_rollout_pct": "100" }');
  write();
  const command = 'ulimit -n 900 && exec "$0" src/main.ts';
  const limited = await startProcess("sh", ["-c", command, process.execPath], {
    cwd: NODE_APP,
    env: {
      PORT: "0",
      METRICS_PORT: "off",
      EDGEZERO_CONFIG: config,
      ORIGIN_MAX_CONNECTIONS: "20",
      LEGACY_ORIGIN: origin.url,
      EDGEZERO_ORIGIN: origin.url,
      CLIENT_TIMEOUT_MS: "5000",
    },
    ready: /^.*"gateway started".*$/,
  });
  const { url } = JSON.parse(limited.said) as { url: string };
  origin.handler = (_, response) => void response.end("served");
  expect(await send(url)).toMatchObject({ status: 200, path: "edgezero" });
  for (let i = 0; i < 2000; i++) {
    const socket = connect(Number(new URL(url).port), "127.0.0.1").on("error", () => {});
    socket.write("GET / HTTP/1.1\r\n");
    sockets.push(socket);
  }
  const seen = async (): Promise<string> => {
    // The file is read again.
    write();
    return send(url).then(
      ({ status, path = "no path" }) => `${status} ${path}`,
      () => "refused",
    );
  };
  for (let round = 0; round < 50; round++) {
    expect(["200 edgezero", "503 no path", "refused"]).toContain(await seen());
  }
  // The clients that send no more have had their time.
  await expect.poll(seen, { timeout: 20_000 }).toBe("200 edgezero");
  await limited.stop();
  rmSync(folder, { recursive: true });
});

test("requests for the metrics that are sent without waiting are all answered", async () => {
  gateway = await startProxiedGateway(origin.url, origin.url);
  const socket = connect(Number(new URL(metricsUrl()).port), "127.0.0.1");
  const request = "GET /metrics HTTP/1.1\r\nHost: x\r\n";
  socket.write(`${request}\r\n`.repeat(20) + `${request}Connection: close\r\n\r\n`);
  expect((await text(socket)).match(/HTTP\/1.1 200 OK/g)).toHaveLength(21);
});
