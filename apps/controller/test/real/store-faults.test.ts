import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "@edgezero/stores/redis/operator";
import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import type { RedisServer } from "@edgezero/testbed/redis/redis-server";
import { startRedis } from "@edgezero/testbed/redis/redis-server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { leaveRollout } from "../left-rollout.ts";
import type { ControllerProcess } from "./controller-process.ts";
import { startController } from "./controller-process.ts";
import type { CountedSite } from "./counted-site.ts";
import { startCountedSite } from "./counted-site.ts";

const PLAN = { stages: [{ pct: 10, hold: "1h" }], window: "1s", propagation: "2s" };
const AT_10 = { edgezero_enabled: "true", edgezero_rollout_pct: "10" };
const MAY_BE_BUSY = { retry: 2, timeout: 120_000 };

let folder: string;
let redis: RedisServer;
let site: CountedSite;
let controller: ControllerProcess;

async function pctInStore(): Promise<unknown> {
  return redis.command("HGET", "trusted_server_config", "edgezero_rollout_pct");
}

describeWithRedis("with a store that fails", () => {
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "edgezero-faults-"));
    redis = await startRedis();
    await redis.write(AT_10);
    const store = openStore(redis.url);
    await leaveRollout({
      stateDir: join(folder, "state"),
      environment: "production",
      store: store.location,
    });
    site = await startCountedSite(async () => store.read());
    const production = { store: redis.url, evidence: [`scrape:${site.url}`], plan: PLAN };
    const config = join(folder, "edgezero.config.json");
    writeFileSync(config, JSON.stringify({ environments: { production } }));
    controller = await startController({ folder, config });
    await controller.until(({ pct, state }) => pct === 10 && state === "observing", 30_000);
  });
  afterEach(async () => {
    await controller.end("SIGKILL");
    await site.close();
    await redis.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("a 0 that a read-only store refuses is tried until it takes it", MAY_BE_BUSY, async () => {
    await redis.command("CONFIG", "SET", "min-replicas-to-write", "1");
    site.failing = 1;
    const held = await controller.until(
      ({ pages }) => pages.some(({ reason }) => reason === "not-written"),
      60_000,
    );
    expect(held).toMatchObject({ state: "rolling-back", rollback: { writtenAt: null } });
    expect(await pctInStore()).toBe("10");
    await redis.command("CONFIG", "SET", "min-replicas-to-write", "0");
    await controller.until(({ rollback }) => (rollback?.writtenAt ?? null) !== null, 30_000);
    expect(await pctInStore()).toBe("0");
  });

  test(
    "a controller that is ended while its store is gone writes the 0 first",
    MAY_BE_BUSY,
    async () => {
      await redis.kill();
      const request = { command: "rollback", who: "ana", reason: "a test", id: "1" } as const;
      await controller.client.command("production", request);
      let isEnded = false;
      const ended = controller.end("SIGTERM").finally(() => void (isEnded = true));
      await new Promise((resolve) => setTimeout(resolve, 4000));
      expect(isEnded).toBe(false);
      await redis.start();
      expect(await ended).toEqual({ code: 0, signal: null });
      expect(await pctInStore()).toBe("0");
    },
  );

  test("a second signal cuts that, and the next process writes the 0", MAY_BE_BUSY, async () => {
    await redis.kill();
    const request = { command: "rollback", who: "ana", reason: "a test", id: "1" } as const;
    await controller.client.command("production", request);
    const ended = controller.end("SIGTERM");
    await expect
      .poll(() => controller.lines.join("\n"), { timeout: 20_000 })
      .toContain("the end waits until 0 is written");
    process.kill(controller.pid, "SIGTERM");
    expect(await ended).toEqual({ code: 1, signal: null });
    await redis.start();
    await redis.write(AT_10);
    controller = await startController({ folder, config: join(folder, "edgezero.config.json") });
    await controller.until(({ rollback }) => (rollback?.writtenAt ?? null) !== null, 30_000);
    expect(await pctInStore()).toBe("0");
  });

  test("a slow store delays a 0 and loses nothing", MAY_BE_BUSY, async () => {
    await redis.command("CLIENT", "PAUSE", "3000", "ALL");
    const request = { command: "rollback", who: "ana", reason: "a test", id: "1" } as const;
    await controller.client.command("production", request);
    await controller.until(({ rollback }) => (rollback?.writtenAt ?? null) !== null, 30_000);
    expect(await pctInStore()).toBe("0");
  });
});
