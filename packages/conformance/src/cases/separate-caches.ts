import { describe, expect, test } from "vitest";
import type { OnStage } from "../stage.ts";
import { send } from "../http-client.ts";
import { allTo } from "../stage.ts";

/**
 * A cacheable response of one path is never served on the other path.
 *
 * Neither Viceroy nor local workerd has the platform's cache, so this shows only what the gateway
 * itself does. docs/decisions/005 says how the entries are kept apart.
 */
export function describeSeparateCaches(onStage: OnStage): void {
  describe("separate caches", () => {
    test.each(["GET", "HEAD"])("%s of one URL, cacheable on both paths", async (method) => {
      const { gateway, origins } = onStage();
      for (const path of ["legacy", "edgezero"] as const) {
        origins[path].handler = (_, response) => {
          const headers = { "cache-control": "public, max-age=3600", etag: `"${path}"` };
          response.writeHead(200, headers).end(path);
        };
      }
      const request = { method, path: "/cacheable" };
      for (let round = 0; round < 5; round++) {
        for (const path of ["legacy", "edgezero"] as const) {
          await gateway.write(allTo(path));
          const answer = await send(gateway, request);
          expect([answer.path, answer.headers.etag]).toEqual([path, `"${path}"`]);
          expect(answer.text).toBe(method === "GET" ? path : "");
        }
      }
    });
  });
}
