import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWithProgram } from "@edgezero/testbed/describe-with-program";
import { freePort } from "@edgezero/testbed/free-port";
import { send } from "@edgezero/testbed/http-client";
import { nginxMissing, startNginx } from "@edgezero/testbed/nginx/nginx";
import type { GatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { startGatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { startProcess } from "@edgezero/testbed/process/start-process";
import { expect, onTestFinished, test } from "vitest";
import { settingsFor } from "./workers/documented.ts";
import type { LoadResult } from "./workers/steady-load.ts";
import { startSteadyLoad } from "./workers/steady-load.ts";
import { haproxyMissing } from "./workers/haproxy.ts";

const HALF = { edgezero_enabled: "true", edgezero_rollout_pct: "50" };
const PER_SECOND = 500;
/** The settings that docs/use/restarts.md recommends. */
const READY = "/-/ready";
const ENV = { READY_PATH: READY, SHUTDOWN_DELAY_MS: "3000", TRUST_PROXY: "loopback" };

async function startAt(port: number): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess(HALF, { ...ENV, PORT: String(port) });
  onTestFinished(async () => void (await gateway.stop()));
  await expect.poll(async () => (await send(gateway.url + READY)).status).toBe(200);
  return gateway;
}

/** Replaces the gateway at one port by one at the other, and back, under load. */
async function replaceTwice(url: string, ports: readonly [number, number]): Promise<LoadResult> {
  const first = await startAt(ports[0]);
  await expect.poll(async () => (await send(url)).status, { timeout: 20_000 }).toBe(200);
  const load = startSteadyLoad(url, PER_SECOND);
  async function moreAnswers(): Promise<void> {
    const answered = load.ok();
    await expect.poll(() => load.ok(), { timeout: 20_000 }).toBeGreaterThan(answered + 1000);
  }
  await moreAnswers();
  const second = await startAt(ports[1]);
  // The proxy has found it.
  await moreAnswers();
  await moreAnswers();
  expect(await first.stop()).toEqual({ code: 0, signal: null });
  await moreAnswers();
  const third = await startAt(ports[0]);
  await moreAnswers();
  await moreAnswers();
  expect(await second.stop()).toEqual({ code: 0, signal: null });
  await moreAnswers();
  const result = await load.stop();
  await third.stopCleanly();
  return result;
}

describeWithProgram(nginxMissing ?? null, "behind nginx", () => {
  test("SIGTERM and a new process: no request fails at 500 a second", async () => {
    const ports = [await freePort(), await freePort()] as const;
    const nginx = await startNginx({
      http: (_, port) =>
        settingsFor("nginx")
          .replace("listen 80;", `listen 127.0.0.1:${port};`)
          .replace("127.0.0.1:8787", `127.0.0.1:${ports[0]}`)
          .replace("127.0.0.1:8788", `127.0.0.1:${ports[1]}`),
    });
    onTestFinished(async () => nginx.stop());
    const { sent, ok, failures } = await replaceTwice(nginx.url, ports);
    expect([failures, ok]).toEqual([{}, sent]);
  }, 180_000);
});

describeWithProgram(haproxyMissing, "behind HAProxy", () => {
  test("SIGTERM and a new process: no request fails at 500 a second", async () => {
    const ports = [await freePort(), await freePort()] as const;
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), "edgezero-haproxy-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "haproxy.cfg");
    const text = settingsFor("haproxy")
      .replace("bind :80", `bind 127.0.0.1:${port}`)
      .replace("127.0.0.1:8787", `127.0.0.1:${ports[0]}`)
      .replace("127.0.0.1:8788", `127.0.0.1:${ports[1]}`);
    writeFileSync(file, text);
    const haproxy = await startProcess("haproxy", ["-W", "-db", "-f", file], {
      env: process.env,
      ready: /Loading success/,
      onLine: () => {},
    });
    onTestFinished(async () => haproxy.stop());
    const { sent, ok, failures } = await replaceTwice(`http://127.0.0.1:${port}`, ports);
    expect([failures, ok]).toEqual([{}, sent]);
  }, 180_000);
});
