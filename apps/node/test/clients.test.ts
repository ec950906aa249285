import { once } from "node:events";
import { mintForceToken } from "@edgezero/rollout/force";
import { mintProbeToken, PROBE_HEADER } from "@edgezero/rollout/probe";
import { open, send } from "@edgezero/testbed/http-client";
import { metricsUrl, scrape } from "@edgezero/testbed/metrics-page";
import type { ProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { startProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import type { Upstream } from "@edgezero/testbed/upstream";
import { startUpstream } from "@edgezero/testbed/upstream";
import { afterAll, beforeAll, expect, test } from "vitest";

const FORCE_SECRET = "a force secret of the test, of more than 32 characters";
const PROBE_SECRET = "a probe secret of the test, of more than 32 characters";

let origin: Upstream;
let gateway: ProxiedGateway;

beforeAll(async () => {
  origin = await startUpstream((request, response) => {
    response.writeHead(request.url === "/fails" ? 500 : 200).end();
  });
  origin.server.on("upgrade", (_, socket) => {
    socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
  });
  gateway = await startProxiedGateway(origin.url, origin.url, {
    TRUST_PROXY: "loopback",
    FORCE_SECRET,
    PROBE_SECRET,
  });
});

afterAll(async () => {
  await gateway.stopCleanly();
  await origin.close();
});

async function sendFrom(client: string, path = "/", headers = {}): Promise<void> {
  await send(gateway.url, { path, headers: { "x-forwarded-for": client, ...headers } });
}

/** Everything that judges a path: the values of evidence, by name and labels. */
async function evidence(): Promise<Record<string, number>> {
  const samples = (await scrape(metricsUrl(gateway))).filter(
    ({ name, labels }) =>
      name === "edgezero_clients" ||
      (name === "edgezero_requests_total" && labels["excluded"] === "no") ||
      (name === "edgezero_request_duration_seconds_count" && labels["evidence"] === "true"),
  );
  return Object.fromEntries(
    samples.map(({ name, labels, value }) => [`${name} ${JSON.stringify(labels)}`, value]),
  );
}

async function configuredPct(): Promise<number | undefined> {
  const samples = await scrape(metricsUrl(gateway));
  return samples.find(({ name }) => name === "edgezero_rollout_pct")?.value;
}

async function clients(): Promise<unknown[]> {
  return (await scrape(metricsUrl(gateway)))
    .filter(({ name }) => name === "edgezero_clients")
    .map(({ labels, value }) => [labels["path"], labels["outcome"], value]);
}

test("distinct clients are counted by path, all and failing, those of upgrades too", async () => {
  gateway.routeTo("legacy");
  for (let i = 0; i < 3; i++) await sendFrom("203.0.113.1");
  gateway.routeTo("edgezero");
  for (let i = 0; i < 30; i++) await sendFrom(`203.0.113.${i % 10}`, i === 9 ? "/fails" : "/");
  const headers = { connection: "Upgrade", upgrade: "websocket", "x-forwarded-for": "2001:db8::1" };
  await once(open(gateway.url, { headers }).end(), "response");
  await expect.poll(clients).toEqual([
    ["legacy", "all", 1],
    ["legacy", "failing", 0],
    ["edgezero", "all", 11],
    ["edgezero", "failing", 1],
  ]);
});

test("probes of any kind are no evidence, whatever the path does with them", async () => {
  origin.handler = (_, response) => void response.writeHead(500).end();
  const lifetimeMs = 60_000;
  let before: Record<string, number> = {};
  for (const path of ["legacy", "edgezero"] as const) {
    gateway.routeTo(path);
    // Counts of clients begin again with the page that has the new epoch.
    await sendFrom("198.51.100.99");
    await expect.poll(configuredPct).toBe(path === "edgezero" ? 100 : 0);
    before = await evidence();
    const force = await mintForceToken({ secret: FORCE_SECRET, path, lifetimeMs });
    const probe = await mintProbeToken({ secret: PROBE_SECRET, bucket: 7 });
    for (let i = 0; i < 5; i++) {
      const client = `198.51.100.${i}`;
      await sendFrom(client, "/", { [PROBE_HEADER]: probe });
      await sendFrom(client, "/", { "x-edgezero-force": force });
      await sendFrom(client, "/health");
      await sendFrom(client, "/health", { [PROBE_HEADER]: probe });
      await sendFrom("unknown");
      for (const method of ["HEAD", "POST"]) {
        await send(`${gateway.url}/health`, { method, headers: { "x-forwarded-for": client } });
      }
      await scrape(metricsUrl(gateway));
    }
    expect(await evidence()).toEqual(before);
  }
  // One that is evidence comes after them, so that none of them is merely late.
  await sendFrom("198.51.100.200");
  const key = 'edgezero_clients {"path":"edgezero","outcome":"failing"}';
  await expect.poll(async () => (await evidence())[key]).toBe((before[key] ?? 0) + 1);
  const added = Object.values(await evidence()).reduce((sum, value) => sum + value, 0);
  const sum = Object.values(before).reduce((total, value) => total + value, 0);
  // A request, its duration, and a client that fails and so counts in both.
  expect(added - sum).toBe(4);
});
