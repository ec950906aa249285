import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import type { Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { open, send } from "@edgezero/testbed/http-client";
import { metricsUrl, scrape } from "@edgezero/testbed/metrics-page";
import type { GatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { startGatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { startUpstream } from "@edgezero/testbed/upstream";
import { expect, onTestFinished, test } from "vitest";
import { startSteadyLoad } from "./workers/steady-load.ts";
import { readyUrl, workerPids } from "./workers/worker-pids.ts";

const HALF = { edgezero_enabled: "true", edgezero_rollout_pct: "50" };
/** Connections of the load: one request may be in flight on each. */
const CONNECTIONS = 64;

/** Starts a gateway of two workers that are ready. */
async function startTwo(env: Readonly<Record<string, string>> = {}): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess(HALF, { WORKERS: "2", ...env });
  onTestFinished(async () => void (await gateway.stop()));
  await becomesReady(gateway);
  return gateway;
}

async function becomesReady(gateway: GatewayProcess): Promise<void> {
  await expect
    .poll(async () => (await send(readyUrl(gateway))).status, { timeout: 20_000 })
    .toBe(200);
}

/** The totals of a page: all values of counters and histograms, by name and labels. */
async function totalsOf(gateway: GatewayProcess): Promise<ReadonlyMap<string, number>> {
  const samples = await scrape(metricsUrl(gateway));
  return new Map(
    samples
      .filter(({ name }) => /_(?:total|bucket|count|sum)$/.test(name))
      .map(({ name, labels, value }) => [`${name} ${JSON.stringify(labels)}`, value]),
  );
}

/** Scrapes until it is stopped, and gives the totals that have fallen. */
function watchTotals(gateway: GatewayProcess): () => Promise<string[]> {
  const ended = new AbortController();
  const fallen: string[] = [];
  async function watch(): Promise<void> {
    let before = await totalsOf(gateway);
    while (!ended.signal.aborted) {
      const now = await totalsOf(gateway);
      for (const [key, value] of before) {
        if ((now.get(key) ?? -1) < value) fallen.push(`${key}: ${value} to ${now.get(key)}`);
      }
      before = now;
    }
  }
  const watched = watch();
  return async () => {
    ended.abort();
    await watched;
    return fallen;
  };
}

function messagesOf(gateway: GatewayProcess): unknown[] {
  return gateway.logged().map(({ msg }) => msg);
}

test("kill -9 of workers under load: only their own requests are lost, and no total falls", async () => {
  const gateway = await startTwo();
  const load = startSteadyLoad(gateway.url, 500);
  const stopWatching = watchTotals(gateway);
  const kills = 3;
  for (let kill = 0; kill < kills; kill++) {
    const answered = load.ok();
    await expect.poll(() => load.ok(), { timeout: 20_000 }).toBeGreaterThan(answered + 500);
    process.kill(workerPids(gateway)[kill % 2] ?? 0, "SIGKILL");
    await expect
      .poll(() => messagesOf(gateway).filter((msg) => msg === "worker ended").length)
      .toBe(kill + 1);
    await becomesReady(gateway);
  }
  const { sent, ok, failures } = await load.stop();
  expect(await stopWatching()).toEqual([]);
  // Each connection of a worker that is killed breaks, and at most one request with it.
  expect(sent - ok).toBeLessThanOrEqual(kills * CONNECTIONS);
  expect(["ECONNRESET", "EPIPE"]).toEqual(expect.arrayContaining(Object.keys(failures)));
  await gateway.stopCleanly();
}, 120_000);

test("SIGHUP replaces the workers one by one with new settings: no request fails", async () => {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-settings-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "gateway.env");
  writeFileSync(file, "PATH_HEADER=always\n");
  const gateway = await startTwo({ SETTINGS_FILE: file });
  const before = workerPids(gateway);
  const load = startSteadyLoad(gateway.url, 500);
  const stopWatching = watchTotals(gateway);
  await expect.poll(() => load.ok(), { timeout: 20_000 }).toBeGreaterThan(500);
  writeFileSync(file, "# no more\nPATH_HEADER=never\n");
  gateway.child.kill("SIGHUP");
  await expect.poll(() => messagesOf(gateway), { timeout: 60_000 }).toContain("workers replaced");
  const answered = load.ok();
  await expect.poll(() => load.ok(), { timeout: 20_000 }).toBeGreaterThan(answered + 500);
  const { sent, ok, failures } = await load.stop();
  expect(await stopWatching()).toEqual([]);
  expect([failures, ok]).toEqual([{}, sent]);
  expect(workerPids(gateway).filter((pid) => before.includes(pid))).toEqual([]);
  for (let i = 0; i < 10; i++) expect((await send(gateway.url)).path).toBeUndefined();
  await gateway.stopCleanly();
}, 120_000);

test.each([
  { name: "a value that is not allowed", text: "LOG_LEVEL=loud", said: 'LOG_LEVEL is "loud"' },
  {
    name: "a setting that does not exist",
    text: "LOGLEVEL=info",
    said: "LOGLEVEL is not a setting",
  },
  { name: "a line that is no setting", text: "LOG_LEVEL: info", said: "line 1 is not NAME=value" },
  { name: "another port", text: "METRICS_HOST=127.0.0.2", said: "METRICS_HOST cannot change" },
  {
    name: "a file that a worker cannot read",
    text: "LEGACY_ORIGIN=https://a.example\nEDGEZERO_ORIGIN=https://b.example\nLEGACY_ORIGIN_CA=/none",
    said: "worker 1 ended before it listened",
  },
])(
  "SIGHUP with $name: the workers stay as they are, and the log says why",
  async ({ text, said }) => {
    const folder = mkdtempSync(join(tmpdir(), "edgezero-settings-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "gateway.env");
    writeFileSync(file, "LOG_LEVEL=info\n");
    const gateway = await startTwo({ SETTINGS_FILE: file });
    const before = workerPids(gateway);
    writeFileSync(file, text);
    gateway.child.kill("SIGHUP");
    await expect
      .poll(() => messagesOf(gateway), { timeout: 20_000 })
      .toContain("workers are not replaced");
    const line = gateway.logged().find(({ msg }) => msg === "workers are not replaced");
    expect(line?.["error"]).toContain(said);
    expect(workerPids(gateway)).toEqual(before);
    expect((await send(gateway.url)).status).toBe(200);
    await becomesReady(gateway);
  },
  60_000,
);

test("a worker that is replaced tells WebSockets 1001, and counts them", async () => {
  const origin = await startUpstream();
  onTestFinished(async () => origin.close());
  origin.server.on("upgrade", (_, socket: Socket) => {
    socket.write("HTTP/1.1 101 x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
    socket.resume();
  });
  const origins = { LEGACY_ORIGIN: origin.url, EDGEZERO_ORIGIN: origin.url };
  const gateway = await startTwo(origins);
  const opened = Array.from({ length: 10 }, async () => {
    const headers = { connection: "upgrade", upgrade: "websocket" };
    const [, socket] = (await once(open(gateway.url, { headers }).end(), "upgrade")) as [
      unknown,
      Socket,
    ];
    return buffer(socket);
  });
  await expect
    .poll(async () => sumOf(await totalsOrGauges(gateway), "edgezero_open_connections"))
    .toBe(10);
  gateway.child.kill("SIGHUP");
  const closed = await Promise.all(opened);
  expect(closed.map((bytes) => bytes.toString("hex"))).toEqual(
    Array.from({ length: 10 }, () => "880203e9"),
  );
  await expect.poll(() => messagesOf(gateway), { timeout: 60_000 }).toContain("workers replaced");
  const told = (await scrape(metricsUrl(gateway))).find(
    ({ name, labels }) =>
      name === "edgezero_upgrades_closed_total" &&
      labels["cause"] === "stop" &&
      labels["code"] === "1001",
  );
  expect(told?.value).toBe(10);
  await gateway.stopCleanly();
}, 60_000);

type Samples = Awaited<ReturnType<typeof scrape>>;

async function totalsOrGauges(gateway: GatewayProcess): Promise<Samples> {
  return scrape(metricsUrl(gateway));
}

function sumOf(samples: Samples, asked: string): number {
  return samples.filter(({ name }) => name === asked).reduce((sum, { value }) => sum + value, 0);
}
