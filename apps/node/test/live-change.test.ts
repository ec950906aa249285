import { Agent } from "node:http";
import addresses from "@edgezero/rollout/vectors/addresses.json" with { type: "json" };
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { startGatewayProcess } from "@edgezero/testbed/node/gateway-process";
import type { SendOptions } from "@edgezero/testbed/http-client";
import { send } from "@edgezero/testbed/http-client";

const CLIENTS = addresses.filter(({ text }) => text.startsWith("127.")).slice(0, 300);

let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGatewayProcess({});
});

afterAll(async () => gateway.stopCleanly());

function at(pct: number): Record<string, string> {
  return { edgezero_enabled: "true", edgezero_rollout_pct: String(pct) };
}

async function pathOf(options: SendOptions = {}): Promise<string | undefined> {
  return (await send(gateway.url, options)).path;
}

describe("the very next request obeys a changed file", () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  afterAll(() => agent.destroy());

  test.each([
    ["written in place", "a new connection", "writeConfig", {}],
    ["written in place", "the same connection", "writeConfig", { agent }],
    ["replaced by rename", "a new connection", "replaceConfig", {}],
    ["replaced by rename", "the same connection", "replaceConfig", { agent }],
  ] as const)(
    "%s 500 times, each followed by a request on %s",
    async (_, __, change, options) => {
      const paths: unknown[] = [];
      for (let i = 0; i < 250; i++) {
        gateway[change](at(100));
        paths.push(await pathOf(options));
        gateway[change](at(0));
        paths.push(await pathOf(options));
      }
      expect(paths).toEqual(Array.from({ length: 250 }, () => ["edgezero", "legacy"]).flat());
    },
    60_000,
  );

  test("deleted, a broken file and a mended one", async () => {
    gateway.writeConfig(at(100));
    expect(await pathOf()).toBe("edgezero");
    gateway.writeConfig("{");
    expect(await pathOf()).toBe("legacy");
    gateway.replaceConfig(at(100));
    expect(await pathOf()).toBe("edgezero");
    gateway.deleteConfig();
    expect(await pathOf()).toBe("legacy");
    gateway.writeConfig(at(100));
    expect(await pathOf()).toBe("edgezero");
  });
});

describe("clients by bucket", () => {
  test.each([1, 10, 50, 99])(
    "at %i per cent, 300 clients land where the vectors say",
    async (pct) => {
      gateway.writeConfig(at(pct));
      const landed: Record<string, string | undefined> = {};
      const queue = [...CLIENTS];
      const worker = async (): Promise<void> => {
        for (let client = queue.pop(); client; client = queue.pop()) {
          landed[client.text] = await pathOf({ clientIp: client.text });
        }
      };
      await Promise.all(Array.from({ length: 20 }, worker));
      const expected = CLIENTS.map(({ text, bucket }) => [
        text,
        bucket < pct ? "edgezero" : "legacy",
      ]);
      expect(landed).toEqual(Object.fromEntries(expected));
    },
  );
});

describe("what a client sends does not move it", () => {
  // An address in a low bucket, claimed by a client in a high one, and the other way about.
  const low = CLIENTS.find(({ bucket }) => bucket < 20)?.text ?? "";
  const high = CLIENTS.find(({ bucket }) => bucket > 80)?.text ?? "";

  test.each([
    "X-Forwarded-For",
    "X-Real-IP",
    "CF-Connecting-IP",
    "CF-Connecting-IPv6",
    "True-Client-IP",
    "Fastly-Client-IP",
    "X-Client-IP",
    "X-Cluster-Client-IP",
    "X-Envoy-External-Address",
  ])("%s", async (name) => {
    gateway.writeConfig(at(50));
    expect(await pathOf({ clientIp: low, headers: { [name]: high } })).toBe("edgezero");
    expect(await pathOf({ clientIp: high, headers: { [name]: low } })).toBe("legacy");
  });

  test("Forwarded", async () => {
    gateway.writeConfig(at(50));
    const headers = { Forwarded: `for=${low};proto=https` };
    expect(await pathOf({ clientIp: high, headers })).toBe("legacy");
  });

  test("X-EdgeZero-Path, of which the response carries the gateway's own", async () => {
    gateway.writeConfig(at(50));
    const headers = { "X-EdgeZero-Path": "edgezero" };
    expect(await pathOf({ clientIp: high, headers })).toBe("legacy");
  });
});

test("/health answers whatever the config says, and carries no path", async () => {
  for (const config of ["{", "", at(100), { edgezero_enabled: true }]) {
    gateway.writeConfig(config);
    const { status, text, path } = await send(`${gateway.url}/health`);
    expect([status, text, path]).toEqual([200, "ok", undefined]);
  }
  gateway.deleteConfig();
  expect((await send(`${gateway.url}/health?from=balancer`)).text).toBe("ok");
});
