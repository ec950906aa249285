import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import type { GatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { runApp, startGatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { send } from "@edgezero/testbed/http-client";
import { refusingUrl } from "@edgezero/testbed/upstream";

const CONFIG = { edgezero_enabled: "true", edgezero_rollout_pct: "50" };
const CLIENT = "127.66.4.98";

/** Everything that a gateway logs over a life in which all goes wrong that can. */
async function logOf(env: Record<string, string>): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess(CONFIG, env);
  const headers = { "X-Forwarded-For": CLIENT };
  for (const config of [CONFIG, "{", { edgezero_enabled: 1 }, { edgezero_enabled: "1" }, CONFIG]) {
    gateway.writeConfig(config);
    await send(gateway.url, { clientIp: CLIENT, headers });
  }
  await gateway.stopCleanly();
  return gateway;
}

test("at info: no client address, and no line for a request that went well", async () => {
  const origin = await refusingUrl();
  const gateway = await logOf({ LEGACY_ORIGIN: origin, EDGEZERO_ORIGIN: origin });
  expect(gateway.stdout.join("\n")).not.toContain(CLIENT);
  const messages = gateway.logged().map(({ msg }) => msg);
  expect(messages[0]).toBe("gateway started");
  expect(messages.at(-1)).toBe("stopping");
  expect(messages.filter((message) => /^routing|^origin/.test(String(message)))).toEqual([]);
});

test.each([
  [{ EDGEZERO_LOG_LEVEL: "debug" }],
  [{ FASTLY_HOSTNAME: "localhost" }],
  [{ EDGEZERO_LOG_LEVEL: "trace", FASTLY_HOSTNAME: "localhost" }],
])("%j changes nothing about the level", async (env) => {
  const gateway = await logOf(env);
  expect(gateway.logged().filter(({ level }) => Number(level) < 30)).toEqual([]);
});

test("LOG_LEVEL=debug writes each decision, which carries no client address", async () => {
  const gateway = await logOf({ LOG_LEVEL: "debug" });
  const decisions = gateway.logged().filter(({ msg }) => String(msg).startsWith("routing request"));
  expect(decisions).toHaveLength(5);
  expect(JSON.stringify(decisions)).not.toContain(CLIENT);
});

test("a warning about the same fault is written once a minute", async () => {
  const gateway = await startGatewayProcess("{");
  for (let i = 0; i < 20; i++) await send(gateway.url);
  await gateway.stopCleanly();
  const warnings = gateway.logged().filter(({ level }) => level === 40);
  expect(warnings.map(({ msg }) => String(msg).split(":")[0])).toEqual([
    "config file cannot be read, all requests go to legacy",
    "config store cannot be opened",
  ]);
});

/** C1, and bytes of UTF-8 that turn the direction of text, as a client can put them into a value. */
const HOSTILE = Buffer.from('x\u0085\u009b31m\u202e\u2066\u200b\u2028","level":60,"a":"', "utf8");

/** Sends requests with hostile bytes wherever a client can put them, and gives the gateway that has ended. */
async function attacked(entry: string): Promise<GatewayProcess> {
  const env = {
    LOG_LEVEL: "debug",
    TRUST_PROXY: "loopback",
    LEGACY_ORIGIN: await refusingUrl(),
    EDGEZERO_ORIGIN: await refusingUrl(),
    // In the log as it is: a path that cannot be written.
    CONFIG_LAST_VALUES_FILE: `/nowhere/${HOSTILE.toString()}`,
    CONFIG_LAST_VALUES_MAX_AGE_MS: "1000",
  };
  const gateway = await startGatewayProcess(CONFIG, env, entry);
  const names = ["X-Forwarded-For", "X-Forwarded-Host", "Host", "Cookie", "Upgrade"];
  const raw = [
    ["GET /", HOSTILE, " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
    ...names.map((name) => [
      `GET / HTTP/1.1\r\n${name === "Host" ? "" : "Host: x\r\n"}${name}: `,
      HOSTILE,
      `\r\nConnection: ${name === "Upgrade" ? "upgrade" : "close"}\r\n\r\n`,
    ]),
  ];
  for (const parts of raw) {
    const socket = connect({ port: gateway.port, host: "127.0.0.1" });
    socket.on("error", () => {}).resume();
    socket.write(Buffer.concat(parts.map((part) => Buffer.from(part))));
    await once(socket, "close");
  }
  await gateway.stopCleanly();
  return gateway;
}

test("what a client writes into a URL or a header steers no terminal from the log", async () => {
  const gateway = await attacked("src/main.ts");
  expect(gateway.logged().some(({ msg }) => msg === "origin failed")).toBe(true);
  expect(gateway.logged().some(({ shape }) => shape !== undefined)).toBe(true);
  for (const line of gateway.stdout) expect(line).toMatch(/^[ -~]+$/);
});

test("nor from the log of `dev`, which is written for people", async () => {
  const { stdout } = await attacked("src/dev.ts");
  const said = stdout.join("\n");
  expect(said).toMatch(/WARN: .*\n/);
  expect(said).toContain("/nowhere/x\\u0085\\u009b31m\\u202e");
  for (const line of stdout) expect(line).toMatch(/^[ -~]*$/);
});

test("nor does a value of the config in what `dev` says at its start", async () => {
  const values = { edgezero_enabled: "\u009b31m\u202etrue", edgezero_rollout_pct: "\u2066" };
  const gateway = await startGatewayProcess(values, {}, "src/dev.ts");
  await expect.poll(() => gateway.stdout.join("\n")).toContain("curl");
  await gateway.stopCleanly();
  expect(gateway.stdout.join("\n")).toContain("\\u009b31m\\u202etrue");
  for (const line of gateway.stdout) expect(line).toMatch(/^[ -~]*$/);
});

test("nor does a setting in the message of a start that fails", async () => {
  const { exit, stderr } = runApp({ PORT: "0", HOST: "\u009b31m\u202e" });
  expect((await exit).code).toBe(1);
  expect(stderr.join("\n")).toContain("\\u009b31m");
  for (const line of stderr) expect(line).toMatch(/^[ -~]*$/);
});
