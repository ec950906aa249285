import type { OutgoingHttpHeaders } from "node:http";
import { valuesOf } from "@edgezero/testbed/http-client";
import { describe, expect, test } from "vitest";
import type { OnStage } from "../stage.ts";
import { send } from "../http-client.ts";
import { allTo } from "../stage.ts";

const FORGERIES: OutgoingHttpHeaders[] = [
  { "x-edgezero-path": "forged" },
  { "X-EdgeZero-Path": ["edgezero", "legacy"] },
  { "x-edgezero-path": "" },
];

/** Only the gateway sets `x-edgezero-path`, on requests and on responses. */
export function describePathHeader(onStage: OnStage): void {
  describe("path header", () => {
    describe.each(["legacy", "edgezero"] as const)("on %s", (path) => {
      test.each(FORGERIES)("an origin cannot forge it: %j", async (forged) => {
        const { gateway, origins } = onStage();
        await gateway.write(allTo(path));
        origins[path].handler = (_, response) => void response.writeHead(200, forged).end();
        expect(valuesOf((await send(gateway)).rawHeaders, "x-edgezero-path")).toEqual([path]);
      });

      test("what a client claims does not reach the origin", async () => {
        const { gateway, origins } = onStage();
        await gateway.write(allTo(path));
        origins[path].handler = (request, response) => {
          response.end(JSON.stringify(request.headers["x-edgezero-path"] ?? null));
        };
        const answer = await send(gateway, { headers: { "x-edgezero-path": "forged" } });
        expect([answer.text, answer.path]).toEqual(["null", path]);
      });

      test("the gateway's own errors carry it too", async () => {
        const { gateway, origins } = onStage();
        await gateway.write(allTo(path));
        await origins[path].whileDown(async () => {
          expect(valuesOf((await send(gateway)).rawHeaders, "x-edgezero-path")).toEqual([path]);
        });
      });
    });
  });
}
