import { createConfigStore } from "@edgezero/cloudflare/config-store";
import type { ConfigStoreFixture, ConfigValues } from "@edgezero/config-store-contract";
import { describeConfigStore } from "@edgezero/config-store-contract";
import { EDGEZERO_ENABLED_KEY } from "@edgezero/rollout";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { describeRuntime } from "../src/describe-runtime.ts";
import { send } from "../src/http-client.ts";
import type { KvBinding, Workerd } from "../src/runtimes/miniflare.ts";
import { startWorkerd } from "../src/runtimes/miniflare.ts";
import { fill, routeTo, workerd } from "../src/runtimes/workerd.ts";
import { enabledAt } from "../src/stage.ts";

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
});
