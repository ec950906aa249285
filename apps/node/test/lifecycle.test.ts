import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { Agent } from "node:http";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { runApp, startGatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { open, responseTo, send } from "@edgezero/testbed/http-client";
import { startProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import type { Upstream } from "@edgezero/testbed/upstream";
import { nextRequest, refusingUrl, startUpstream } from "@edgezero/testbed/upstream";
import { endWithThisProcess } from "@edgezero/testbed/process/end-with-this";

const APP = join(import.meta.dirname, "..");
const STOPPED = { code: 0, signal: null };

let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream();
});

afterAll(async () => upstream.close());

async function refuses(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const result = await Promise.race([
    once(socket, "connect").then(() => false),
    once(socket, "error").then(() => true),
  ]).catch(() => true);
  socket.destroy();
  return result;
}

describe.each(["SIGTERM", "SIGINT"] as const)("%s", (signal) => {
  test("with nothing in flight: the process ends at once, and idle connections with it", async () => {
    const gateway = await startGatewayProcess({});
    const agent = new Agent({ keepAlive: true });
    await send(gateway.url, { agent });
    const [idle] = Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? []);
    const isClosed = once(idle ?? agent, "close");
    const silent = connect(gateway.port, "127.0.0.1").on("error", () => {});
    await once(silent, "connect");
    const startedAt = performance.now();
    expect(await gateway.stop(signal)).toEqual(STOPPED);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    await isClosed;
    expect(gateway.stderr).toEqual([]);
    expect(gateway.logged().at(-1)).toMatchObject({ msg: "stopping", signal });
  });

  test("no more is accepted, and what is in flight is finished", async () => {
    const gateway = await startProxiedGateway(upstream.url, upstream.url);
    const reached = nextRequest(upstream);
    const request = open(gateway.url, { agent: new Agent({ keepAlive: true }) }).end();
    const [, origin] = await reached;
    const stopped = gateway.stop(signal);
    await expect.poll(() => refuses(gateway.port)).toBe(true);
    origin.write("first, ");
    const response = await responseTo(request);
    origin.end("last");
    expect([response.statusCode, await text(response)]).toEqual([200, "first, last"]);
    expect(await stopped).toEqual(STOPPED);
    expect(gateway.stderr).toEqual([]);
  });
});

test("a request that never ends is cut off after the time of grace", async () => {
  const env = { SHUTDOWN_GRACE_MS: "500" };
  const gateway = await startProxiedGateway(upstream.url, upstream.url, env);
  const reached = nextRequest(upstream);
  const request = open(gateway.url).end();
  const isCutOff = once(request, "error");
  const [, origin] = await reached;
  const isAborted = once(origin, "close");
  const startedAt = performance.now();
  expect(await gateway.stop()).toEqual(STOPPED);
  expect(performance.now() - startedAt).toBeGreaterThan(500);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  await Promise.all([isCutOff, isAborted]);
  expect(gateway.stderr).toEqual([]);
});

describe("health and readiness", () => {
  test.each([
    { name: "by default", env: {}, path: "/health" },
    { name: "elsewhere", env: { HEALTH_PATH: "/-/alive" }, path: "/-/alive" },
  ])(
    "GET and HEAD are answered alike, $name, while the origins are down",
    async ({ env, path }) => {
      const down = await refusingUrl();
      const gateway = await startProxiedGateway(down, down, env);
      const get = await send(gateway.url + path);
      const head = await send(gateway.url + path, { method: "HEAD" });
      expect([get.status, get.text, head.status, head.text]).toEqual([200, "ok", 200, ""]);
      expect(head.headers["content-length"]).toBe(get.headers["content-length"]);
      expect(get.path).toBeUndefined();
      // The site's own page is hidden only at that path.
      expect((await send(`${gateway.url}${path}z`)).status).toBe(502);
      await gateway.stopCleanly();
    },
  );

  test("HEALTH_PATH=off leaves the site its own page", async () => {
    upstream.handler = (_, response) => void response.end("the site's");
    const gateway = await startProxiedGateway(upstream.url, upstream.url, { HEALTH_PATH: "off" });
    expect((await send(`${gateway.url}/health`)).text).toBe("the site's");
    await gateway.stopCleanly();
  });

  test("ready from the first read of the config, on both ports", async () => {
    const gateway = await startGatewayProcess(null, { READY_PATH: "/-/ready" });
    const started = gateway.logged().find(({ msg }) => msg === "gateway started");
    const metrics = String(started?.["metrics"]).replace("/metrics", "/ready");
    const places = [`${gateway.url}/-/ready`, metrics];
    for (const url of places)
      expect(await send(url)).toMatchObject({ status: 503, text: "not ready" });
    gateway.replaceConfig({ edgezero_enabled: "true", edgezero_rollout_pct: "100" });
    for (const url of places) {
      await expect.poll(async () => (await send(url)).status).toBe(200);
      expect((await send(url, { method: "HEAD" })).status).toBe(200);
    }
    await gateway.stopCleanly();
  });

  test("not ready from SIGTERM on, while it still accepts for SHUTDOWN_DELAY_MS", async () => {
    const env = { READY_PATH: "/ready", SHUTDOWN_DELAY_MS: "6000" };
    const gateway = await startGatewayProcess({}, env);
    await expect.poll(async () => (await send(`${gateway.url}/ready`)).status).toBe(200);
    const startedAt = performance.now();
    const stopped = gateway.stop();
    await expect.poll(async () => (await send(`${gateway.url}/ready`)).status).toBe(503);
    expect((await send(gateway.url)).status).toBe(200);
    expect(await stopped).toEqual(STOPPED);
    expect(performance.now() - startedAt).toBeGreaterThan(6000);
  });
});

test("WebSockets get the code 1001 when the gateway stops", async () => {
  upstream.server.once("upgrade", (_, socket: Socket) => {
    socket.write("HTTP/1.1 101 x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
    socket.resume();
  });
  const gateway = await startProxiedGateway(upstream.url, upstream.url);
  const headers = { connection: "upgrade", upgrade: "websocket" };
  const request = open(gateway.url, { headers }).end();
  const [, socket] = (await once(request, "upgrade")) as [unknown, Socket];
  const received = buffer(socket);
  const startedAt = performance.now();
  expect(await gateway.stop()).toEqual(STOPPED);
  expect((await received).toString("hex")).toBe("880203e9");
  expect(performance.now() - startedAt).toBeLessThan(20_000);
});

describe.each([
  { name: "SIGTERM to the outermost process", signal: "SIGTERM", isOfGroup: false },
  // As a terminal sends it. To npx alone it is lost: npm passes it to a shell that waits for pnpm.
  { name: "SIGINT to all processes", signal: "SIGINT", isOfGroup: true },
] as const)("$name", ({ signal, isOfGroup }) => {
  test.each(["dev", "start"])(
    "of `npx pnpm %s` ends the gateway",
    async (script) => {
      execFileSync(process.execPath, ["scripts/build.ts"], { cwd: APP });
      const launcher = spawn("npx", ["-y", "pnpm@12", "--filter", "node", script], {
        cwd: join(APP, "../.."),
        env: {
          ...process.env,
          PORT: "0",
          METRICS_PORT: "off",
          EDGEZERO_CONFIG: join(APP, "rollout.json"),
        },
        stdio: ["ignore", "pipe", "ignore"],
        // A group of its own: a signal reaches the one process that it is sent to.
        detached: true,
      });
      endWithThisProcess(launcher, "group");
      let said = "";
      launcher.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
      await expect.poll(() => /127\.0\.0\.1:(\d+)/.exec(said), { timeout: 60_000 }).not.toBeNull();
      const port = Number(/127\.0\.0\.1:(\d+)/.exec(said)?.[1]);
      expect(await refuses(port)).toBe(false);
      process.kill(isOfGroup ? -(launcher.pid ?? 0) : (launcher.pid ?? 0), signal);
      await expect.poll(async () => refuses(port)).toBe(true);
    },
    120_000,
  );
});

describe("what keeps the gateway from starting is said, with exit code 1", () => {
  test("the port is in use", async () => {
    const gateway = await startGatewayProcess({});
    onTestFinished(async () => void (await gateway.stop()));
    const { exit, stderr, stdout } = runApp({ PORT: String(gateway.port) });
    expect(await exit).toEqual({ code: 1, signal: null });
    expect(stderr[0]).toBe("The gateway cannot start.");
    expect(stderr[1]).toContain("PORT and HOST: the address is in use by another process");
    expect(stderr[1]).toContain(`127.0.0.1:${gateway.port}`);
    expect(stdout).toEqual([]);
  });

  test("an address that is not this machine's", async () => {
    const { exit, stderr } = runApp({ PORT: "0", HOST: "192.0.2.1" });
    expect(await exit).toEqual({ code: 1, signal: null });
    expect(stderr[1]).toContain("HOST: it is not an address of this machine");
  });

  test.each(["src/main.ts", "src/dev.ts"])(
    "settings that are not valid, each named: %s",
    async (entry) => {
      const { exit, stderr } = runApp({ PORT: "x", LOG_LEVEL: "loud" }, entry);
      expect(await exit).toEqual({ code: 1, signal: null });
      expect(stderr).toEqual([
        "The gateway cannot start.",
        'PORT is "x": it must be a whole number from 0 to 65535',
        'LOG_LEVEL is "loud": it must be one of trace, debug, info, warn, error, fatal, silent',
      ]);
    },
  );
});

describe("the start says where to go on", () => {
  test("for people: config, what it says, handlers, and a command to try", async () => {
    const config = { edgezero_enabled: "true", edgezero_rollout_pct: "10" };
    const gateway = await startGatewayProcess(config, {}, "src/dev.ts");
    await expect.poll(() => gateway.stdout.join("\n")).toContain(`curl -i ${gateway.url}\n`);
    const said = gateway.stdout.join("\n");
    expect(said).toContain(`EdgeZero Rollout gateway on ${gateway.url}`);
    expect(said).toMatch(/config {4}\/\S*rollout\.json \(change it while this runs/);
    expect(said).toContain('edgezero_enabled = "true", edgezero_rollout_pct = "10"');
    expect(said).toContain("10 of 100 buckets of clients go to EdgeZero");
    expect(said).toMatch(/legacy {4}built-in handler\n *edgezero {2}built-in handler/);
    expect((await send(gateway.url)).status).toBe(200);
    expect(await gateway.stop("SIGINT")).toEqual(STOPPED);
    expect(gateway.stderr).toEqual([]);
  });

  test.each([
    [
      {},
      "edgezero_enabled absent, edgezero_rollout_pct absent: every request goes to legacy (disabled)",
    ],
    [
      { edgezero_enabled: true },
      "edgezero_enabled unreadable, edgezero_rollout_pct absent: every request goes to legacy (flag-unreadable)",
    ],
    [
      { edgezero_enabled: "1", edgezero_rollout_pct: "100" },
      "every request goes to EdgeZero (cutover)",
    ],
    ["{", "every request goes to legacy (store-unavailable)"],
  ])("for programs: %j", async (config, says) => {
    const gateway = await startGatewayProcess(config);
    const started = gateway.logged().find(({ msg }) => msg === "gateway started");
    expect(started).toMatchObject({ url: gateway.url, legacy: "built-in handler" });
    expect(started?.["says"]).toContain(says);
    await gateway.stopCleanly();
  });

  test("the config that the repository ships sends every request to legacy", async () => {
    const gateway = await startGatewayProcess(null, { EDGEZERO_CONFIG: "" });
    const { path } = await send(gateway.url);
    expect(path).toBe("legacy");
    expect(gateway.logged()[0]).toMatchObject({ config: join(APP, "rollout.json") });
    expect(gateway.logged()[0]?.["says"]).toContain("(disabled)");
    await gateway.stopCleanly();
  });
});

test("the built file starts and answers alone in an empty folder", async () => {
  execFileSync(process.execPath, ["scripts/build.ts"], { cwd: APP });
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "edgezero-built-")));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  copyFileSync(join(APP, "dist/main.js"), join(folder, "main.js"));
  const config = { edgezero_enabled: "true", edgezero_rollout_pct: "100" };
  const origins = { LEGACY_ORIGIN: upstream.url, EDGEZERO_ORIGIN: upstream.url };
  upstream.handler = (_, response) => void response.end("origin");

  const builtIn = await startGatewayProcess(config, {}, "main.js", folder);
  expect(await send(builtIn.url)).toMatchObject({ status: 200, path: "edgezero" });
  await builtIn.stopCleanly();
  const proxying = await startGatewayProcess(config, origins, "main.js", folder);
  expect(await send(proxying.url)).toMatchObject({ text: "origin", path: "edgezero" });
  await proxying.stopCleanly();
});

test("the built file says which Node it needs, on an older one", () => {
  execFileSync(process.execPath, ["scripts/build.ts"], { cwd: APP });
  const versions = JSON.stringify({ ...process.versions, node: "26.4.9" });
  const older = `data:text/javascript,Object.defineProperty(process, "versions", { value: ${versions} })`;
  const { status, stderr } = spawnSync(process.execPath, ["--import", older, "dist/main.js"], {
    cwd: APP,
    encoding: "utf8",
  });
  expect(stderr).toContain("The gateway needs Node 26.5 or newer, and this is v");
  expect(status).toBe(1);
});
