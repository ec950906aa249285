// Several gateway processes on one Redis, under load while it is killed, paused and restarted.
import { Agent } from "node:http";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { GatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { startGatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { send } from "@edgezero/testbed/http-client";
import type { RedisServer } from "@edgezero/testbed/redis/redis-server";
import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import { startRedis } from "@edgezero/testbed/redis/redis-server";

const GATEWAYS = 3;
const CLIENTS_EACH = 4;
const MAX_AGE_MS = 3000;
const AT_100 = { edgezero_enabled: "true", edgezero_rollout_pct: "100" };
const AT_0 = { edgezero_enabled: "true", edgezero_rollout_pct: "0" };

/** One request: which gateway answered, when it was sent, and what came of it. */
interface Exchange {
  readonly gateway: number;
  readonly sentAt: number;
  readonly outcome: string;
}

let redis: RedisServer;
const gateways: GatewayProcess[] = [];

/** Sends requests to every gateway until it is stopped; a failed one is an outcome too. */
function startLoad(exchanges: Exchange[]): { stop(): Promise<void> } {
  const agent = new Agent({ keepAlive: true });
  const stopping = new AbortController();
  const client = async (url: string, gateway: number): Promise<void> => {
    while (!stopping.signal.aborted) {
      const sentAt = performance.now();
      const outcome = await send(url, { agent }).then(
        ({ status, path }) => `${status} ${path}`,
        (error: Error) => error.message,
      );
      exchanges.push({ gateway, sentAt, outcome });
    }
  };
  const clients = gateways.flatMap(({ url }, i) =>
    Array.from({ length: CLIENTS_EACH }, async () => client(url, i)),
  );
  return {
    async stop() {
      stopping.abort();
      await Promise.all(clients);
      agent.destroy();
    },
  };
}

/** Resolves once each gateway has given that answer to a request sent after now. */
async function allAnswer(exchanges: Exchange[], path: string): Promise<void> {
  const from = performance.now();
  await vi.waitFor(() => {
    const fresh = exchanges.filter(({ sentAt }) => sentAt > from);
    const last = gateways.map((_, i) => fresh.findLast(({ gateway }) => gateway === i)?.outcome);
    expect(last).toEqual(gateways.map(() => `200 ${path}`));
  }, 20_000);
}

describeWithRedis("a fleet of gateways on one Redis", () => {
  beforeAll(async () => {
    redis = await startRedis();
    await redis.write(AT_100);
    const env = { EDGEZERO_CONFIG: redis.url, CONFIG_MAX_AGE_MS: String(MAX_AGE_MS) };
    for (let i = 0; i < GATEWAYS; i++) gateways.push(await startGatewayProcess(null, env));
  });

  afterAll(async () => {
    for (const gateway of gateways) await gateway.stopCleanly();
    await redis?.close();
  });

  test("the first request already goes by what Redis holds", async () => {
    for (const { url } of gateways) expect((await send(url)).path).toBe("edgezero");
  });

  test("200 changes by another client: each arrives at every gateway, and none is taken back", async () => {
    const startedAt = performance.now();
    const takenBack: unknown[] = [];
    for (let i = 0; i < 100; i++) {
      for (const [values, path] of [
        [AT_0, "legacy"],
        [AT_100, "edgezero"],
      ] as const) {
        await redis.write(values);
        await Promise.all(
          gateways.map(async ({ url }) => {
            while ((await send(url)).path !== path);
            const next = (await send(url)).path;
            if (next !== path) takenBack.push([i, path, next]);
          }),
        );
      }
    }
    expect(takenBack).toEqual([]);
    // By the poll alone it would take 750 ms each.
    expect(performance.now() - startedAt).toBeLessThan(60_000);
  }, 90_000);

  test.each(["killed", "paused"])(
    "%s under load: no request fails, legacy after the bound, and back by itself",
    async (how) => {
      const exchanges: Exchange[] = [];
      const load = startLoad(exchanges);
      await allAnswer(exchanges, "edgezero");

      if (how === "killed") await redis.kill();
      else redis.child().kill("SIGSTOP");
      const downAt = performance.now();
      await allAnswer(exchanges, "legacy");
      const beforeBound = exchanges.filter(({ sentAt }) => sentAt > downAt);
      // Only a decision made within the bound may still have been EdgeZero.
      const tooLate = ({ sentAt, outcome }: Exchange): boolean =>
        sentAt > downAt + MAX_AGE_MS && outcome !== "200 legacy";
      expect(beforeBound.filter(tooLate)).toEqual([]);
      expect(beforeBound.map(({ outcome }) => outcome)).toContain("200 edgezero");

      if (how === "killed") await redis.start();
      else redis.child().kill("SIGCONT");
      await redis.write(AT_100);
      await allAnswer(exchanges, "edgezero");

      await load.stop();
      expect(new Set(exchanges.map(({ outcome }) => outcome))).toEqual(
        new Set(["200 edgezero", "200 legacy"]),
      );
      expect(exchanges.length).toBeGreaterThan(1000);
    },
    60_000,
  );

  test("restarted under load five times, within the bound: no request fails", async () => {
    const exchanges: Exchange[] = [];
    const load = startLoad(exchanges);
    for (let i = 0; i < 5; i++) {
      await redis.kill(i % 2 === 0 ? "SIGKILL" : "SIGTERM");
      await redis.start();
      await redis.write(AT_100);
      await allAnswer(exchanges, "edgezero");
    }
    await load.stop();
    const outcomes = new Set(exchanges.map(({ outcome }) => outcome));
    // Empty until it is written again, Redis says legacy.
    outcomes.delete("200 legacy");
    expect(outcomes).toEqual(new Set(["200 edgezero"]));
  }, 60_000);
});
