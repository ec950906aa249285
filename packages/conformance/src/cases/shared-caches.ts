import type { OutgoingHttpHeaders } from "node:http";
import type { SharedCaches } from "@edgezero/rollout/attribution";
import type { Answer } from "@edgezero/testbed/http-client";
import { describe, expect, test } from "vitest";
import { tokenOf } from "../force-token.ts";
import { send } from "../http-client.ts";
import type { Runtime } from "../runtime.ts";
import type { OnStage } from "../stage.ts";
import { allTo, enabledAt } from "../stage.ts";

const PATHS = ["legacy", "edgezero"] as const;
const NAMES = ["cache-control", "cdn-cache-control", "vary"] as const;
const CACHEABLE: OutgoingHttpHeaders = {
  "cache-control": "public, max-age=60, s-maxage=3600",
  "cdn-cache-control": "max-age=3600",
  vary: "Accept-Language",
};

/** The expected headers with each setting, while buckets decide. */
const SEPARATED: Record<SharedCaches, OutgoingHttpHeaders> = {
  unchanged: CACHEABLE,
  private: {
    ...CACHEABLE,
    "cache-control": "private, max-age=60",
    "cdn-cache-control": "no-store",
  },
  vary: { ...CACHEABLE, vary: "Accept-Language, X-Forwarded-For" },
};

/** A cacheable response tells shared caches in front of the gateway what they may store. */
export function describeSharedCaches(
  setting: SharedCaches,
  { clients }: Runtime,
  onStage: OnStage,
): void {
  describe(`shared caches, ${setting}`, () => {
    test("while buckets decide, the paths' responses are kept apart as set", async () => {
      const { gateway } = onStage();
      answerCacheable(onStage);
      await gateway.write(enabledAt(50));
      for (const isLow of [true, false]) {
        const client = clients.find(({ bucket }) => bucket < 50 === isLow);
        const answer = await send(gateway, { clientIp: client?.text ?? "" });
        expect(answer.path).toBe(isLow ? "edgezero" : "legacy");
        expect(cacheHeaders(answer)).toEqual(SEPARATED[setting]);
      }
    });

    test.each(PATHS)("while all go to %s, they are the origin's", async (path) => {
      const { gateway } = onStage();
      answerCacheable(onStage);
      await gateway.write(allTo(path));
      expect(cacheHeaders(await send(gateway))).toEqual(CACHEABLE);
    });

    // The default settings have no secret, so no path is forced.
    if (setting === "unchanged") return;
    test("a forced response is no other client's", async () => {
      const { gateway } = onStage();
      answerCacheable(onStage);
      await gateway.write(allTo("legacy"));
      const answer = await send(gateway, { headers: { "x-edgezero-force": tokenOf() } });
      expect([answer.path, cacheHeaders(answer)]).toEqual(["edgezero", SEPARATED.private]);
    });
  });
}

function answerCacheable(onStage: OnStage): void {
  for (const path of PATHS) {
    onStage().origins[path].handler = (_, response) =>
      void response.writeHead(200, CACHEABLE).end();
  }
}

function cacheHeaders({ headers }: Answer): OutgoingHttpHeaders {
  return Object.fromEntries(NAMES.map((name) => [name, headers[name] as string]));
}
