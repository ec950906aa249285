import { expect, test } from "vitest";
import type { GatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { startGatewayProcess } from "@edgezero/testbed/node/gateway-process";
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
