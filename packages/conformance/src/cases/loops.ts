import { beforeAll, describe, expect, test } from "vitest";
import { HANDSHAKE } from "../handshake.ts";
import { send } from "../http-client.ts";
import type { OnStage } from "../stage.ts";
import { allTo } from "../stage.ts";

const LOOP = [508, "508 Loop Detected: the origin is this gateway itself.\n"];

/** A request that its origin sends back to the gateway ends, and the client is told why. */
export function describeLoops(onStage: OnStage): void {
  describe("loops", () => {
    describe.each(["legacy", "edgezero"] as const)("on %s", (path) => {
      beforeAll(async () => onStage().gateway.write(allTo(path)));

      /** The `Via` that the origin gets with a request. */
      async function viaOf(headers: Record<string, string> = {}): Promise<string> {
        const { gateway, origins } = onStage();
        origins[path].handler = (request, response) => void response.end(request.headers.via);
        return (await send(gateway, { headers })).text;
      }

      test("an origin that leads back to the gateway is asked twice, and is a 508", async () => {
        const { gateway, origins } = onStage();
        let asked = 0;
        origins[path].handler = async ({ headers, url = "/" }, response) => {
          asked++;
          // Unencoded: the answer is passed on as text.
          const back = { ...headers, "accept-encoding": "identity" };
          const answer = await send(gateway, { path: url, headers: back });
          response.writeHead(answer.status).end(answer.text);
        };
        const { status, text, path: taken } = await send(gateway, { path: "/a?b" });
        expect([[status, text], taken, asked]).toEqual([LOOP, path, 2]);
      });

      test("each pass adds the gateway to Via, after the proxies before it", async () => {
        const own = await viaOf();
        expect(own).toMatch(/^1\.1 edgezero-[\da-f]+$/);
        expect(await viaOf({ via: "1.0 proxy.example" })).toBe(`1.0 proxy.example, ${own}`);
        expect(await viaOf({ via: own })).toBe(`${own}, ${own}`);
      });

      test("CDN-Loop, which is for others to read, passes as it is", async () => {
        const { gateway, origins } = onStage();
        origins[path].handler = ({ headers }, response) => {
          response.end(String(headers["cdn-loop"]));
        };
        const value = 'one.example; loops=1, two.example; abc="def"';
        expect((await send(gateway, { headers: { "cdn-loop": value } })).text).toBe(value);
      });

      test.each([
        { name: "a GET", request: {} },
        { name: "an upload", request: { method: "POST", body: "x".repeat(100_000) } },
        { name: "a WebSocket", request: { headers: HANDSHAKE } },
      ])("$name that was here twice reaches no origin", async ({ request }) => {
        const { gateway, origins } = onStage();
        const own = await viaOf();
        let asked = 0;
        origins[path].handler = (_, response) => {
          asked++;
          response.end();
        };
        origins[path].upgradeHandler = (_, socket) => {
          asked++;
          socket.destroy();
        };
        const headers = { via: `${own}, 1.1 proxy.example, ${own}` };
        const given = "headers" in request ? request.headers : {};
        const { status } = await send(gateway, { ...request, headers: { ...given, ...headers } });
        expect([status, asked]).toEqual([508, 0]);
      });
    });
  });
}
