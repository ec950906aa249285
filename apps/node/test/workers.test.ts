import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mintProbeToken, parseProbe, PROBE_HEADER } from "@edgezero/rollout/probe";
import { send } from "@edgezero/testbed/http-client";
import { metricsUrl, scrape } from "@edgezero/testbed/metrics-page";
import type { GatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { runApp, startGatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { slowWorkers } from "./workers/slow-workers.ts";
import { readyUrl, workerPids } from "./workers/worker-pids.ts";

const HALF = { edgezero_enabled: "true", edgezero_rollout_pct: "50" };
const ENDED = { code: 0, signal: null };

async function startTwo(env: Readonly<Record<string, string>> = {}): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess(HALF, { WORKERS: "2", ...env });
  onTestFinished(async () => void (await gateway.stop()));
  return gateway;
}

async function isReady(gateway: GatewayProcess): Promise<boolean> {
  return (await send(readyUrl(gateway))).status === 200;
}

/** The values of a metric by its labels. */
async function valuesOf(gateway: GatewayProcess, name: string): Promise<Record<string, number>> {
  const samples = (await scrape(metricsUrl(gateway))).filter((sample) => sample.name === name);
  return Object.fromEntries(samples.map(({ labels, value }) => [JSON.stringify(labels), value]));
}

async function requestsOf(gateway: GatewayProcess): Promise<number> {
  const values = Object.values(await valuesOf(gateway, "edgezero_requests_total"));
  return values.reduce((sum, each) => sum + each, 0);
}

async function refuses(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const isOpen = await once(socket, "connect").then(
    () => true,
    () => false,
  );
  socket.destroy();
  return !isOpen;
}

test("one process serves unless WORKERS says otherwise", async () => {
  const gateway = await startGatewayProcess(HALF);
  expect(workerPids(gateway)).toEqual([]);
  const names = (await scrape(metricsUrl(gateway))).map(({ name }) => name);
  expect(names.filter((name) => name.startsWith("edgezero_worker"))).toEqual([]);
  await gateway.stopCleanly();
});

test("workers share one port, and one page has the counts of all", async () => {
  const gateway = await startTwo({ TRUST_PROXY: "loopback" });
  expect(workerPids(gateway)).toHaveLength(2);
  // Each client is seen by both workers, nearly always.
  for (let round = 0; round < 8; round++) {
    for (let client = 0; client < 20; client++) {
      const headers = { "x-forwarded-for": `203.0.113.${client}` };
      expect((await send(gateway.url, { headers })).status).toBe(200);
    }
  }
  expect(await requestsOf(gateway)).toBe(160);
  const clients = await valuesOf(gateway, "edgezero_clients");
  const { legacy = 0, edgezero = 0 } = Object.fromEntries(
    ["legacy", "edgezero"].map((path) => [path, clients[JSON.stringify({ path, outcome: "all" })]]),
  );
  expect(legacy + edgezero).toBe(20);
  const durations = await valuesOf(gateway, "edgezero_request_duration_seconds_count");
  expect(Object.values(durations).reduce((sum, each) => sum + each, 0)).toBe(160);
  for (const name of ["edgezero_config_epoch", "edgezero_config_age_seconds"]) {
    expect(Object.keys(await valuesOf(gateway, name))).toEqual([
      '{"worker":"1"}',
      '{"worker":"2"}',
    ]);
  }
  await gateway.stopCleanly();
});

test("signed probes name each worker, and the gateway as its metrics do", async () => {
  const secret = "a probe secret of the test, of more than 32 characters";
  const gateway = await startTwo({ PROBE_SECRET: secret });
  const info = Object.keys(await valuesOf(gateway, "edgezero_gateway_info"))[0] ?? "";
  const name = (JSON.parse(info) as { process: string }).process;
  const named = new Map<string | null | undefined, string>();
  async function probe(): Promise<number> {
    const headers = { [PROBE_HEADER]: await mintProbeToken({ secret, bucket: 7 }) };
    const { headers: answer } = await send(gateway.url, { headers });
    const said = parseProbe(answer[PROBE_HEADER]?.toString());
    const { worker, instance = "" } = said ?? {};
    // A worker has one name as an instance, too.
    expect(named.get(worker) ?? instance).toBe(instance);
    named.set(worker, instance);
    return named.size;
  }
  await expect.poll(probe).toBe(2);
  expect(new Set(named.keys())).toEqual(new Set([`${name}-1-2`, `${name}-2-2`]));
  await gateway.stopCleanly();
});

test("kill -9 of the supervisor: the workers end and the port is free soon", async () => {
  const gateway = await startTwo();
  const pids = workerPids(gateway);
  gateway.child.kill("SIGKILL");
  const killedAt = performance.now();
  await expect.poll(async () => refuses(gateway.port), { interval: 20 }).toBe(true);
  await expect.poll(() => pids.filter(isRunning), { interval: 20 }).toEqual([]);
  expect(performance.now() - killedAt).toBeLessThan(10_000);
});

test("a worker that hangs is found by its heartbeat, and replaced", async () => {
  const gateway = await startTwo();
  await expect.poll(async () => isReady(gateway)).toBe(true);
  const [hung = 0] = workerPids(gateway);
  process.kill(hung, "SIGSTOP");
  await expect.poll(() => isRunning(hung), { timeout: 20_000 }).toBe(false);
  await expect.poll(async () => isReady(gateway), { timeout: 20_000 }).toBe(true);
  await expect.poll(() => workerPids(gateway)).toHaveLength(2);
  const messages = gateway.logged().map(({ msg }) => msg);
  expect(messages).toContain("worker hangs, and is killed");
  const ends = await valuesOf(gateway, "edgezero_worker_ends_total");
  // On a busy machine another one may get no time for as long.
  expect(ends['{"cause":"hang"}']).toBeGreaterThanOrEqual(1);
  expect(ends['{"cause":"crash"}']).toBe(0);
  await gateway.stopCleanly();
}, 60_000);

test("ready only while all workers are, on both ports", async () => {
  const gateway = await startTwo({ READY_PATH: "/-/ready" });
  const places = [`${gateway.url}/-/ready`, readyUrl(gateway)];
  for (const url of places) await expect.poll(async () => (await send(url)).status).toBe(200);
  const [stopped = 0] = workerPids(gateway);
  process.kill(stopped, "SIGKILL");
  for (const url of places) await expect.poll(async () => (await send(url)).status).toBe(503);
  for (const url of places) await expect.poll(async () => (await send(url)).status).toBe(200);
  await gateway.stopCleanly();
});

describe("what keeps the workers from starting is said once, with exit code 1", () => {
  test("the port is in use", async () => {
    const gateway = await startTwo();
    const env = { PORT: String(gateway.port), WORKERS: "2", METRICS_PORT: "off" };
    const { exit, stderr, stdout } = runApp(env);
    expect(await exit).toEqual({ code: 1, signal: null });
    expect(stderr).toEqual([
      "The gateway cannot start.",
      expect.stringContaining("PORT and HOST: the address is in use by another process"),
    ]);
    expect(stdout).toEqual([]);
    await gateway.stopCleanly();
  });

  test("a setting is not valid", async () => {
    const { exit, stderr } = runApp({ WORKERS: "0" });
    expect(await exit).toEqual({ code: 1, signal: null });
    expect(stderr).toEqual([
      "The gateway cannot start.",
      'WORKERS is "0": it must be a whole number from 1 to 128',
    ]);
  });
});

test.each(["SIGTERM", "SIGINT"] as const)("%s ends all of them", async (signal) => {
  const gateway = await startTwo();
  const pids = workerPids(gateway);
  expect(await gateway.stop(signal)).toEqual(ENDED);
  expect(pids.filter(isRunning)).toEqual([]);
  expect(gateway.stderr).toEqual([]);
  expect(gateway.logged().at(-1)).toMatchObject({ msg: "stopping", signal });
});

describe("signals that come early", () => {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-slow-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("SIGTERM during the start ends the workers, with exit code 0", async () => {
    const slow = slowWorkers(join(folder, "at the start"));
    slow.begin();
    const gateway = runApp({ PORT: "0", WORKERS: "2", METRICS_PORT: "off", ...slow.env });
    await expect.poll(() => workerPids(gateway), { interval: 10 }).toHaveLength(1);
    const pids = workerPids(gateway);
    gateway.child.kill("SIGTERM");
    expect(await gateway.exit).toEqual(ENDED);
    expect(pids.filter(isRunning)).toEqual([]);
    expect(gateway.stderr).toEqual([]);
    expect(gateway.stdout.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      "stopping",
    ]);
  });

  test("SIGHUP during the start is obeyed after it", async () => {
    const gateway = runApp({ PORT: "0", WORKERS: "2", METRICS_PORT: "off" });
    onTestFinished(async () => {
      gateway.child.kill("SIGTERM");
      await gateway.exit;
    });
    await expect.poll(() => workerPids(gateway), { interval: 10 }).not.toEqual([]);
    gateway.child.kill("SIGHUP");
    await expect
      .poll(() => gateway.stdout.join("\n"), { timeout: 25_000 })
      .toContain('"workers replaced"');
  });

  test("SIGTERM while workers are replaced starts no other, and ends all", async () => {
    const slow = slowWorkers(join(folder, "later"));
    const gateway = await startTwo(slow.env);
    slow.begin();
    gateway.child.kill("SIGHUP");
    await expect.poll(() => workerPids(gateway), { interval: 10 }).toHaveLength(3);
    const pids = workerPids(gateway);
    gateway.child.kill("SIGTERM");
    gateway.child.kill("SIGHUP");
    expect(await gateway.exit).toEqual(ENDED);
    expect(pids.filter(isRunning)).toEqual([]);
    const logged = gateway.logged();
    expect(logged.filter(({ msg }) => msg === "worker is being replaced")).toHaveLength(1);
    expect(logged).toContainEqual(
      expect.objectContaining({ msg: "workers are not replaced", replaced: 0, workers: 2 }),
    );
  });
});

describe("in the cluster of another program", () => {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-cluster-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const program = join(folder, "cluster.mjs");
  const main = join(import.meta.dirname, "../src/main.ts");
  writeFileSync(
    program,
    `import cluster from "node:cluster";
    if (cluster.isWorker) await import(${JSON.stringify(main)});
    else cluster.fork().on("exit", (code) => process.exit(code));`,
  );

  test("one process serves", async () => {
    const gateway = await startGatewayProcess(HALF, {}, program);
    expect((await send(gateway.url)).status).toBe(200);
    await gateway.stop();
  });

  test("several are refused", async () => {
    const { exit, stderr } = runApp({ WORKERS: "2" }, program);
    expect(await exit).toEqual({ code: 1, signal: null });
    expect(stderr[1]).toBe(
      "WORKERS: it must be 1 where another program's cluster starts the gateway",
    );
  });
});

/** A process that has ended and is not yet asked for is no longer running. */
function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.charAt(stat.lastIndexOf(")") + 2) !== "Z";
  } catch {
    return false;
  }
}
