import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { ConfigStoreFixture } from "@edgezero/testbed/contracts/config-store";
import { describeConfigStore } from "@edgezero/testbed/contracts/config-store";
import type { Viceroy } from "@edgezero/testbed/fastly/viceroy";
import { startViceroy } from "@edgezero/testbed/fastly/viceroy";
import { ConfigStoreUnavailableError } from "@edgezero/rollout";
import { parseProbe, PROBE_HEADER } from "@edgezero/rollout/probe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeRuntime } from "../src/describe-runtime.ts";
import { tokenOf } from "../src/force-token.ts";
import { send } from "../src/http-client.ts";
import { PROBE_SECRET, probeTokenOf } from "../src/probe-token.ts";
import type { GatewaySettings } from "../src/runtime.ts";
import { fastly, startUnchecked, startWithoutStore } from "../src/runtimes/fastly.ts";
import type { Stage } from "../src/stage.ts";
import { allTo, setStage } from "../src/stage.ts";

const STORE_PROBE = fileURLToPath(new URL("../guests/store-probe.ts", import.meta.url));
/** A test that builds a program of its own takes half a minute on a busy machine. */
const BUILD_TIMEOUT_MS = 180_000;
const PATHS = ["legacy", "edgezero"] as const;

async function startWith(settings: GatewaySettings): Promise<Stage> {
  return setStage(async (origins) => startUnchecked(origins, settings));
}

/** The messages of a level, each once: several sandboxes may say the same. */
function messagesAt(stage: Stage, level: string): unknown[] {
  const lines = stage.gateway.log.filter((line) => line["level"] === level);
  return [...new Set(lines.map((line) => line["message"]))];
}

describeRuntime(fastly, (onStage) => {
  describe("config store", () => {
    let viceroy: Viceroy;
    beforeAll(async () => {
      viceroy = await startViceroy({ source: STORE_PROBE, hasConfigStore: true });
    });
    afterAll(async () => viceroy?.stop());

    async function get(key: string): Promise<string | null> {
      const path = `/?key=${encodeURIComponent(key)}`;
      const { text } = await send({ route: () => viceroy }, { path });
      const { value, error } = JSON.parse(text) as { value?: string | null; error?: string };
      if (error === "ConfigStoreUnavailableError") throw new ConfigStoreUnavailableError();
      if (value === undefined) throw new Error(error);
      return value;
    }

    describeConfigStore(async (): Promise<ConfigStoreFixture> => ({
      store: { get },
      write: async (values) => viceroy.write(values),
      breakStore: async () => viceroy.write(null),
      async close() {},
    }));

    test(
      "one that is not linked to the service: legacy, store-unavailable",
      async () => {
        const stage = await setStage(startWithoutStore);
        try {
          const { status, path, text } = await send(stage.gateway);
          expect([status, path, text]).toEqual([200, "legacy", "legacy origin"]);
          const reasons = (): unknown[] => stage.gateway.log.map(({ reason }) => reason);
          await expect.poll(reasons).toContain("store-unavailable");
        } finally {
          await stage.close();
        }
      },
      BUILD_TIMEOUT_MS,
    );
  });

  describe("settings that are not valid", () => {
    test(
      "in a program of another build send every request to legacy, with an error",
      async () => {
        const stage = await startWith({ EVENT_SAMPLE_RATE: "2", HEALTH_PATH: "/-/alive" });
        try {
          await stage.gateway.write(allTo("edgezero"));
          for (let i = 0; i < 3; i++) {
            const { status, text } = await send(stage.gateway);
            expect([status, text]).toEqual([200, "legacy origin"]);
          }
          for (const method of ["GET", "HEAD"]) {
            const { status, path } = await send(stage.gateway, { method, path: "/-/alive" });
            expect([status, path]).toEqual([200, undefined]);
          }
          expect((await send(stage.gateway, { path: "/health" })).text).toBe("legacy origin");
          await expect
            .poll(() => messagesAt(stage, "error"))
            .toEqual([
              'every request goes to legacy: EDGEZERO_EVENT_SAMPLE_RATE is "2": it must be empty, or a number from 0 to 1',
            ]);
        } finally {
          await stage.close();
        }
      },
      BUILD_TIMEOUT_MS,
    );

    test(
      "a secret that is too short is an error once a token comes, and no token counts",
      async () => {
        const secret = "too short to be a secret";
        const stage = await startWith({ FORCE_SECRET: secret });
        try {
          await stage.gateway.write(allTo("edgezero"));
          expect((await send(stage.gateway)).path).toBe("edgezero");
          expect(messagesAt(stage, "error")).toEqual([]);
          const headers = { "x-edgezero-force": tokenOf({ path: "legacy", secret }) };
          for (let i = 0; i < 2; i++) {
            expect((await send(stage.gateway, { headers })).path).toBe("edgezero");
          }
          await expect
            .poll(() => messagesAt(stage, "error"))
            .toEqual([
              "forced paths are off: force_secret is not shown: it must be at least 32 characters",
            ]);
          expect(JSON.stringify(stage.gateway.log)).not.toContain(secret);
        } finally {
          await stage.close();
        }
      },
      BUILD_TIMEOUT_MS,
    );
  });

  describe("what is made in the build, and what in a sandbox", () => {
    /** More than a sandbox serves, so that several of them answer. */
    const REQUESTS = 40;

    test(
      "sandboxes share no name and no id of an event",
      async () => {
        const settings = { PROBE_SECRET, EVENT_SAMPLE_RATE: "1" };
        const stage = await setStage(async (origins) => fastly.start(origins, settings));
        try {
          const names = new Map<string, number>();
          for (let i = 0; i < REQUESTS; i++) {
            const headers = { [PROBE_HEADER]: probeTokenOf() };
            const answer = await send(stage.gateway, { headers });
            const name = parseProbe(answer.headers[PROBE_HEADER] as string)?.instance ?? "none";
            names.set(name, (names.get(name) ?? 0) + 1);
            await send(stage.gateway);
          }
          // Of 80 requests, a sandbox serves 16 at most, and each second one is a probe.
          expect(names.size).toBeGreaterThanOrEqual(5);
          expect(Math.max(...names.values())).toBeLessThanOrEqual(16);
          await expect.poll(() => stage.gateway.events.length).toBe(REQUESTS);
          const ids = new Set(stage.gateway.events.map(({ id }) => id));
          expect(ids.size).toBe(REQUESTS);
        } finally {
          await stage.close();
        }
      },
      BUILD_TIMEOUT_MS,
    );
  });

  describe("cache keys", () => {
    /** The key under which the platform is to keep a response: it travels in a request header. */
    async function cacheKeyOf(path: (typeof PATHS)[number], claimed?: string): Promise<string> {
      const { gateway, origins } = onStage();
      await gateway.write(allTo(path));
      origins[path].handler = (request, response) => {
        response.end(JSON.stringify(request.headers["fastly-xqd-cache-key"] ?? null));
      };
      const headers = claimed === undefined ? {} : { "fastly-xqd-cache-key": claimed };
      const { text } = await send(gateway, { path: "/cacheable?x=1", headers });
      return JSON.parse(text) as string;
    }

    test.each(PATHS)(
      "on %s, the key is of the path and the URL, and stays the same",
      async (path) => {
        const url = new URL("/cacheable?x=1", onStage().gateway.route().url);
        const expected = createHash("sha256").update(`${path} ${url.href}`).digest("hex");
        for (let i = 0; i < 3; i++) expect(await cacheKeyOf(path)).toBe(expected.toUpperCase());
      },
    );

    test("one URL has a key for each path", async () => {
      expect(await cacheKeyOf("legacy")).not.toBe(await cacheKeyOf("edgezero"));
    });

    test("a client cannot choose the key", async () => {
      const key = await cacheKeyOf("legacy");
      expect(await cacheKeyOf("edgezero", key)).toBe(await cacheKeyOf("edgezero"));
    });
  });
});
