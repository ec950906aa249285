import type { OutgoingHttpHeaders } from "node:http";
import { valuesOf } from "@edgezero/testbed/http-client";
import { describe, expect, test } from "vitest";
import { eventsOf } from "../event-log.ts";
import { tokenOf } from "../force-token.ts";
import { send } from "../http-client.ts";
import type { OnStage } from "../stage.ts";
import { allTo } from "../stage.ts";
import { byStatus } from "./origins-by-status.ts";

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

/** With `never`, no response names its path, whatever its handler sets; the events still do. */
export function describeNoPathHeader(onStage: OnStage): void {
  describe("path header, never", () => {
    describe.each(["legacy", "edgezero"] as const)("on %s", (path) => {
      test.each([{}, ...FORGERIES])(
        "a response has none, where its origin sends %j",
        async (forged) => {
          const { gateway, origins } = onStage();
          await gateway.write(allTo(path));
          origins[path].handler = (request, response) => {
            if (request.url === "/forged") response.writeHead(200, forged).end(path);
            else byStatus(request, response);
          };
          const events = await eventsOf(gateway, async () => {
            const { status, text, rawHeaders } = await send(gateway, { path: "/forged" });
            expect([status, text, valuesOf(rawHeaders, "x-edgezero-path")]).toEqual([
              200,
              path,
              [],
            ]);
          });
          expect(events).toMatchObject([{ path, status: 200 }]);
        },
      );

      test("the gateway's own errors have none either", async () => {
        const { gateway, origins } = onStage();
        await gateway.write(allTo(path));
        await origins[path].whileDown(async () => {
          const { status, rawHeaders } = await send(gateway);
          expect([status, valuesOf(rawHeaders, "x-edgezero-path")]).toEqual([502, []]);
        });
      });
    });
  });
}

/** With `signed`, only a tester is told the path. */
export function describeSignedPathHeader(onStage: OnStage): void {
  describe("path header, signed", () => {
    test.each(["legacy", "edgezero"] as const)("of %s, only a tester is told", async (path) => {
      const { gateway, origins } = onStage();
      await gateway.write(allTo(path));
      for (const each of ["legacy", "edgezero"] as const) {
        origins[each].handler = (_, response) =>
          void response.writeHead(200, { "x-edgezero-path": "forged" }).end(each);
      }
      for (const [headers, text, told] of [
        [{}, path, []],
        [{ "x-edgezero-force": "bad" }, path, []],
        [{ "x-edgezero-force": tokenOf({ path: "legacy" }) }, "legacy", ["legacy"]],
        [{ cookie: `edgezero_force=${tokenOf()}` }, "edgezero", ["edgezero"]],
      ] as const) {
        const answer = await send(gateway, { headers });
        expect([answer.text, valuesOf(answer.rawHeaders, "x-edgezero-path")]).toEqual([text, told]);
      }
    });
  });
}
