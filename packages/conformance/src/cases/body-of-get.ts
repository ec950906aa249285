import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { send } from "../http-client.ts";
import type { Runtime } from "../runtime.ts";
import type { OnStage } from "../stage.ts";
import { allTo } from "../stage.ts";

const QUERY = '{"query":"shoes"}';
const HEADERS = {
  "of known length": { "content-length": String(QUERY.length) },
  "in chunks": { "transfer-encoding": "chunked" },
} as const;

/** A GET with a body, such as a search, arrives whole or is refused with a reason. It is never cut. */
export function describeBodyOfGet({ bodyOfGet }: Runtime, onStage: OnStage): void {
  describe("a GET with a body", () => {
    const rows = Object.entries(bodyOfGet).map(([how, passes]) => ({
      how: how as keyof typeof HEADERS,
      passes,
      outcome: passes === true ? "arrives" : `is refused with ${passes}`,
    }));

    describe.each(["legacy", "edgezero"] as const)("on %s", (path) => {
      test.each(rows)("$how $outcome", async ({ how, passes }) => {
        const { gateway, origins } = onStage();
        await gateway.write(allTo(path));
        let asked = 0;
        origins[path].handler = async (request, response) => {
          asked++;
          response.end(`${request.method} ${await text(request)}`);
        };
        const answer = await send(gateway, { headers: HEADERS[how], body: QUERY });
        const refused = passes !== true;
        expect([answer.status, asked]).toEqual(refused ? [passes, 0] : [200, 1]);
        expect(answer.text).toMatch(refused ? /body of a GET/ : new RegExp(`^GET ${QUERY}$`));
      });

      test("of length 0 is a GET like any other", async () => {
        const { gateway, origins } = onStage();
        await gateway.write(allTo(path));
        origins[path].handler = (request, response) => void response.end(request.method);
        const answer = await send(gateway, { headers: { "content-length": "0" } });
        expect([answer.status, answer.text]).toEqual([200, "GET"]);
      });
    });
  });
}
