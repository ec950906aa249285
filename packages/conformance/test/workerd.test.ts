import { createConfigStore } from "@edgezero/stores/cloudflare/reader";
import type { ConfigStoreFixture, ConfigValues } from "@edgezero/testbed/contracts/config-store";
import { describeConfigStore } from "@edgezero/testbed/contracts/config-store";
import type { AnalyticsBinding } from "@edgezero/testbed/cloudflare/analytics-binding";
import type { KvBinding, Workerd } from "@edgezero/testbed/cloudflare/miniflare";
import type { OriginUrls } from "@edgezero/testbed/upstream";
import { EDGEZERO_ENABLED_KEY } from "@edgezero/rollout";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { describeRuntime } from "../src/describe-runtime.ts";
import { tokenOf } from "../src/force-token.ts";
import { send } from "../src/http-client.ts";
import { collectLog } from "../src/log-lines.ts";
import type { GatewaySettings, LogLine } from "../src/runtime.ts";
import { startOrigin } from "../src/origin.ts";
import { fill, routeTo, startWorker, workerd } from "../src/runtimes/workerd.ts";
import { allTo, enabledAt } from "../src/stage.ts";

/** A setting that is not valid, and is found out only while the Worker runs. */
interface WrongSetting {
  readonly name: string;
  readonly settings?: GatewaySettings;
  readonly edgezeroOrigin?: string;
  readonly message: string;
}

const SHORT_SECRET = "too short to be a secret";
const BUILT_IN = { legacy: "", edgezero: "" };

async function launch(kv: KvBinding, configMaxAgeMs: number): Promise<Workerd> {
  return startWorker({ origins: BUILT_IN, kv, configMaxAgeMs, onLogLine: () => {} });
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
    async function launchWith(
      settings: GatewaySettings,
      origins: OriginUrls = BUILT_IN,
      wereVariablesChecked = false,
    ): Promise<Workerd> {
      return startWorker({
        origins,
        settings,
        kv: "real",
        configMaxAgeMs: 0,
        wereVariablesChecked,
        onLogLine: lines.collect,
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

    test.each<WrongSetting>([
      {
        name: "a secret that is too short",
        settings: { FORCE_SECRET: SHORT_SECRET },
        message: "FORCE_SECRET is not shown: it must be at least 32 characters",
      },
      {
        name: "a variable that was changed later",
        settings: { UPSTREAM_TIMEOUT_MS: "soon" },
        message: 'UPSTREAM_TIMEOUT_MS is "soon": it must be a whole number from 1 to 2147483647',
      },
      {
        name: "an origin of EdgeZero that was changed later",
        edgezeroOrigin: "ftp://edgezero",
        message:
          'EDGEZERO_ORIGIN is "ftp://edgezero": it must be an http or https URL without a path, such as https://origin.example.com',
      },
    ])("$name sends every request to legacy, with one error", async (wrong) => {
      const legacy = await startOrigin("legacy", "127.0.0.1");
      const origins = { legacy: legacy.url, edgezero: wrong.edgezeroOrigin ?? legacy.url };
      const instance = await launchWith(wrong.settings ?? {}, origins, true);
      const target = { route: (clientIp?: string) => routeTo(instance, clientIp) };
      await fill(await instance.namespace(), allTo("edgezero"));
      const headers = { "x-edgezero-force": tokenOf({ secret: SHORT_SECRET }) };
      for (const request of [{}, {}, { headers }]) {
        expect(await send(target, request)).toMatchObject({
          status: 200,
          path: "legacy",
          text: "legacy origin",
        });
      }
      const errors = (): LogLine[] => lines.log.filter(({ level }) => level === "error");
      await expect.poll(() => errors().length).toBe(1);
      expect(errors()[0]?.["message"]).toBe(`every request goes to legacy: ${wrong.message}`);
      expect(JSON.stringify(lines.log)).not.toContain(SHORT_SECRET);
      expect(lines.events).toEqual([]);
      await instance.stop();
      await legacy.close();
    });

    test("where legacy itself has no valid origin, the answer is 500 with its name", async () => {
      const origins = { legacy: "nowhere", edgezero: "http://127.0.0.1:1" };
      const instance = await launchWith({ HEALTH_PATH: "/-/alive" }, origins, true);
      const target = { route: (clientIp?: string) => routeTo(instance, clientIp) };
      const { status, text } = await send(target);
      expect([status, text]).toEqual([
        500,
        "500 Internal Server Error: the setting LEGACY_ORIGIN is not valid.\n",
      ]);
      for (const method of ["GET", "HEAD"]) {
        expect((await send(target, { method, path: "/-/alive" })).status).toBe(200);
      }
      expect((await send(target, { path: "/health" })).status).toBe(500);
      await instance.stop();
    });
  });

  describe("Analytics Engine", () => {
    let instance: Workerd;
    let lines: ReturnType<typeof collectLog>;
    afterEach(async () => instance.stop());

    async function launchWith(analytics: AnalyticsBinding): Promise<void> {
      lines = collectLog();
      instance = await startWorker({
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
      await expect.poll(() => lines.events.length).toBe(3);
      expect(warnings()).toEqual([]);
    });

    test("each event is a data point, also those that are no line", async () => {
      await launchWith("recording");
      await sendTimes(3);
      const points = (): unknown[] => lines.log.flatMap(({ dataPoint }) => dataPoint ?? []);
      await expect.poll(() => points().length).toBe(3);
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
        await expect.poll(() => lines.events.length).toBe(firstDropped + 4);
        expect(warnings()).toMatchObject([{ dropped: 1 }]);
      },
    );
  });
});
