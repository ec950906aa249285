import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { GatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { startGatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { send } from "@edgezero/testbed/http-client";
import type { RedisServer } from "@edgezero/testbed/redis/redis-server";
import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import { startRedis } from "@edgezero/testbed/redis/redis-server";

const AT_100 = { edgezero_enabled: "true", edgezero_rollout_pct: "100" };
const BROKEN = "config store is broken, all requests go to legacy";

const gateways: GatewayProcess[] = [];
const servers: RedisServer[] = [];

afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.stopCleanly();
  for (const server of servers.splice(0)) await server.close();
});

async function start(
  url: string,
  env: Readonly<Record<string, string>> = {},
  entry?: string,
): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess(null, { EDGEZERO_CONFIG: url, ...env }, entry);
  gateways.push(gateway);
  return gateway;
}

describeWithRedis("a gateway on Redis", () => {
  test("says where its config is, and never with what password", async () => {
    const args = ["--requirepass", "s3cret"];
    const redis = await startRedis(args, (port) => `redis://default:s3cret@127.0.0.1:${port}`);
    servers.push(redis);
    await redis.write(AT_100);
    const shown = `redis://***@127.0.0.1:${redis.port}`;

    const gateway = await start(redis.url, { LOG_LEVEL: "debug" });
    expect((await send(gateway.url)).path).toBe("edgezero");
    expect(gateway.logged()[0]).toMatchObject({ msg: "gateway started", config: shown });
    const readable = await start(redis.url, {}, "src/dev.ts");
    await expect.poll(() => readable.stdout.join("\n")).toContain(`config    ${shown} (`);

    await redis.kill();
    await redis.start(["--requirepass", "another"]);
    await expect.poll(async () => (await send(gateway.url)).path).toBe("legacy");
    for (const { stdout, stderr } of [gateway, readable]) {
      expect([...stdout, ...stderr].join("\n")).not.toContain("s3cret");
    }
  });

  test("starts while Redis is down, with legacy, and mends itself", async () => {
    const redis = await startRedis();
    servers.push(redis);
    await redis.kill();
    const gateway = await start(redis.url);
    expect((await send(gateway.url)).path).toBe("legacy");
    expect((await send(`${gateway.url}/health`)).text).toBe("ok");
    await redis.start();
    await redis.write(AT_100);
    await expect.poll(async () => (await send(gateway.url)).path).toBe("edgezero");
  });

  test("starts while Redis accepts and never answers", async () => {
    const redis = await startRedis();
    servers.push(redis);
    await redis.write(AT_100);
    redis.child().kill("SIGSTOP");
    const gateway = await start(redis.url);
    expect((await send(gateway.url)).path).toBe("legacy");
    redis.child().kill("SIGCONT");
    await expect.poll(async () => (await send(gateway.url)).path).toBe("edgezero");
  });
});

describeWithRedis("a gateway on Redis over TLS", () => {
  let folder: string;
  let redis: RedisServer;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "edgezero-tls-"));
    const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...subject];
    execFileSync("openssl", [...request, "-keyout", key, "-out", certificate], { stdio: "ignore" });
    const files = ["--tls-cert-file", certificate, "--tls-key-file", key];
    const args = ["--port", "0", "--tls-port", "PORT", "--tls-auth-clients", "no", ...files];
    redis = await startRedis(args, (port) => `rediss://localhost:${port}`);
  });
  afterAll(async () => {
    await redis?.close();
    rmSync(folder, { recursive: true });
  });

  test("a certificate that is not trusted: legacy, with the reason; one that is: obeyed", async () => {
    const stranger = await start(redis.url);
    expect((await send(stranger.url)).path).toBe("legacy");
    await expect
      .poll(() => stranger.logged())
      .toContainEqual(
        expect.objectContaining({
          msg: BROKEN,
          error: expect.stringContaining("self-signed certificate") as string,
        }),
      );

    const trusting = { NODE_EXTRA_CA_CERTS: join(folder, "certificate.pem") };
    const gateway = await start(redis.url, trusting);
    const connection = ["-p", String(redis.port), "--tls", "--insecure"];
    const values = Object.entries(AT_100).flat();
    execFileSync("redis-cli", [...connection, "HSET", "trusted_server_config", ...values]);
    await expect.poll(async () => (await send(gateway.url)).path).toBe("edgezero");
  });
});
