import { createConfigStore } from "@edgezero/stores/cloudflare/reader";
import type { ConfigStoreFixture, ConfigValues } from "@edgezero/testbed/contracts/config-store";
import { describeConfigStore } from "@edgezero/testbed/contracts/config-store";
import { EDGEZERO_ENABLED_KEY } from "@edgezero/rollout";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { describeRuntime } from "../src/describe-runtime.ts";
import { tokenOf } from "../src/force-token.ts";
import { send } from "../src/http-client.ts";
import { collectLog } from "../src/log-lines.ts";
import type { GatewaySettings, LogLine } from "../src/runtime.ts";
import type { AnalyticsBinding } from "../src/runtimes/analytics-binding.ts";
import type { KvBinding, Workerd } from "../src/runtimes/miniflare.ts";
import { startWorkerd } from "../src/runtimes/miniflare.ts";
import { fill, routeTo, workerd } from "../src/runtimes/workerd.ts";
import { allTo, enabledAt } from "../src/stage.ts";

const WITHIN = { timeout: 10_000 };
const BUILT_IN = { legacy: "", edgezero: "" };

async function launch(kv: KvBinding, configMaxAgeMs: number): Promise<Workerd> {
  return startWorkerd({ origins: BUILT_IN, kv, configMaxAgeMs, onLogLine: () => {} });
}

describeRuntime(workerd, () => {
  describe("config store", () => {
    let instance: Workerd;
    beforeAll(async () => {
      instance = await launch("real", 0);
    });
    afterAll(async () => instance.stop());

    describeConfigStore(async (): Promise<ConfigStoreFixture> => {
      const namespace = await instance.namespace();
      const store = createConfigStore(namespace, 0);
      const storeWithoutBinding = createConfigStore(undefined, 0);
      let isBroken = false;
      return {
        store: { get: (key) => (isBroken ? storeWithoutBinding : store).get(key) },
        async write(values) {
          await fill(namespace, values);
          isBroken = false;
        },
        async breakStore() {
          isBroken = true;
        },
        async close() {},
      };
    });
  });

  describe("config reads", () => {
    let instance: Workerd;
    afterEach(async () => instance.stop());

    async function readsOf(requests: number, values: ConfigValues): Promise<number> {
      const before = await instance.script({ values });
      const target = { route: (clientIp?: string) => routeTo(instance, clientIp) };
      for (let i = 0; i < requests; i++) expect((await send(target)).status).toBe(200);
      return (await instance.script({ values })) - before;
    }

    test("a warm request reads no KV", async () => {
      instance = await launch("scripted", 600_000);
      expect(await readsOf(1, enabledAt(50))).toBe(2);
      expect(await readsOf(20, enabledAt(50))).toBe(0);
    });

    test.each([
      ["one while disabled", 1, { [EDGEZERO_ENABLED_KEY]: "false" }],
      ["two while enabled", 2, enabledAt(50)],
    ])("where nothing is kept, a request reads %s", async (_, reads, values) => {
      instance = await launch("scripted", 0);
      expect(await readsOf(10, values)).toBe(10 * reads);
    });
  });

  describe("settings", () => {
    async function launchWith(settings: GatewaySettings): Promise<Workerd> {
      const { collect: onLogLine } = lines;
      return startWorkerd({
        origins: BUILT_IN,
        settings,
        kv: "real",
        configMaxAgeMs: 0,
        onLogLine,
      });
    }

    let lines: ReturnType<typeof collectLog>;
    beforeEach(() => {
      lines = collectLog();
    });

    test("one that is not valid stops the start, and is named", async () => {
      await expect(launchWith({ EVENT_SAMPLE_RATE: "2" })).rejects.toThrow(
        'EVENT_SAMPLE_RATE is \\"2\\": it must be empty, or a number from 0 to 1',
      );
    });

    test("a secret that is too short puts forced paths out of use, and nothing else", async () => {
      const secret = "too short to be a secret";
      const instance = await launchWith({ FORCE_SECRET: secret });
      const target = { route: (clientIp?: string) => routeTo(instance, clientIp) };
      await fill(await instance.namespace(), allTo("legacy"));
      const headers = { "x-edgezero-force": tokenOf({ secret }) };
      for (let i = 0; i < 2; i++) {
        expect(await send(target, { headers })).toMatchObject({ status: 200, path: "legacy" });
      }
      const warnings = (): LogLine[] => lines.log.filter(({ level }) => level === "warn");
      await expect.poll(() => warnings().length, WITHIN).toBe(1);
      expect(JSON.stringify(warnings())).toMatch(/forced paths are off: .*24 characters/);
      expect(JSON.stringify(lines.log)).not.toContain(secret);
      await instance.stop();
    });
  });

  describe("Analytics Engine", () => {
    let instance: Workerd;
    let lines: ReturnType<typeof collectLog>;
    afterEach(async () => instance.stop());

    async function launchWith(analytics: AnalyticsBinding): Promise<void> {
      lines = collectLog();
      instance = await startWorkerd({
        origins: BUILT_IN,
        settings: { EVENT_SAMPLE_RATE: analytics === "recording" ? "0" : "1" },
        kv: "real",
        analytics,
        configMaxAgeMs: 0,
        onLogLine: lines.collect,
      });
      await fill(await instance.namespace(), enabledAt(50));
    }

    async function sendTimes(count: number): Promise<void> {
      const target = { route: (clientIp?: string) => routeTo(instance, clientIp) };
      for (let i = 0; i < count; i++) expect((await send(target)).status).toBe(200);
    }

    function warnings(): LogLine[] {
      return lines.log.filter(({ level }) => level === "warn");
    }

    test("Miniflare's own binding takes every data point", async () => {
      await launchWith("miniflare");
      await sendTimes(3);
      await expect.poll(() => lines.events.length, WITHIN).toBe(3);
      expect(warnings()).toEqual([]);
    });

    test("each event is a data point, also those that are no line", async () => {
      await launchWith("recording");
      await sendTimes(3);
      const points = (): unknown[] => lines.log.flatMap(({ dataPoint }) => dataPoint ?? []);
      await expect.poll(() => points().length, WITHIN).toBe(3);
      for (const point of points()) {
        // 192.0.2.1 is in bucket 76; the epoch is that of "true" and "50".
        expect(point).toEqual({
          indexes: ["conformance/legacy"],
          blobs: ["conformance", "cloudflare", "legacy", "bucket", "75ec1f78", "ok", ""],
          doubles: [expect.any(Number), 1, 200, 50, 76, -1, 1],
        });
      }
      expect(lines.events).toEqual([]);
    });

    test.each([
      ["throws", "throwing", 1],
      ["rejects", "rejecting", 1],
      // As many as may be under way; from there on they are dropped.
      ["never answers", "hanging", 1001],
    ] as const)(
      "one that %s costs its own events alone, which is said once",
      async (_, analytics, firstDropped) => {
        await launchWith(analytics);
        await sendTimes(firstDropped - 1);
        expect(warnings()).toEqual([]);
        await sendTimes(5);
        await expect.poll(() => lines.events.length, WITHIN).toBe(firstDropped + 4);
        expect(warnings()).toMatchObject([{ dropped: 1 }]);
      },
    );
  });
});
