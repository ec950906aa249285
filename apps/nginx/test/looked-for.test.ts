import { describeWithProgram } from "@edgezero/testbed/describe-with-program";
import { send } from "@edgezero/testbed/http-client";
import { nginxMissing } from "@edgezero/testbed/nginx/nginx";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Stage } from "./stage.ts";
import { enabledAt, setStage, total } from "./stage.ts";

/** A worker looks at a name the slow way once, and by what it remembers from then on. */
const TURNS = 3;
const FORWARDED = { "x-forwarded-for": "192.0.2.7" };

let stage: Stage;

const failures = async (): Promise<number> =>
  total(stage, "edgezero_requests_total", { path: "edgezero", outcome: "error" });
const open = async (): Promise<number> => total(stage, "edgezero_open_connections");

/** What the origin gets by a name of header, by turns that must be equal. */
async function received(name: string, headers: Record<string, string>): Promise<string> {
  const texts = new Set<string>();
  for (let i = 0; i < TURNS; i++) {
    texts.add((await send(stage.gateway.url, { headers: { ...headers, "x-tell": name } })).text);
  }
  expect([...texts]).toHaveLength(1);
  return [...texts].join("");
}

describeWithProgram(nginxMissing ?? null, "headers that are looked for by their names", () => {
  describe.each([{ list: "default" }, { list: "default,Cookie,Via,Connection" }])(
    "with UNTRUSTED_HEADERS of $list, from a trusted proxy",
    ({ list }) => {
      beforeAll(async () => {
        stage = await setStage({
          settings: { UNTRUSTED_HEADERS: list },
          server: "set_real_ip_from 127.0.0.1; real_ip_header X-Forwarded-For;",
        });
        await stage.obeyed(enabledAt(100));
      });
      afterAll(async () => stage.close());
      beforeEach(() => {
        stage.edgezero.handler = ({ headers }, response) => {
          response.end(String(headers[String(headers["x-tell"])]));
        };
      });

      test("a tester's token stays with the gateway", async () => {
        const headers = { ...FORWARDED, cookie: "a=1; edgezero_force=x" };
        expect(await received("cookie", headers)).toBe("a=1");
      });

      test("Via of the proxy is kept, and the gateway is added", async () => {
        const headers = { ...FORWARDED, via: "1.1 proxy.example" };
        expect(await received("via", headers)).toMatch(/^1\.1 proxy\.example, 1\.1 edgezero-\w+$/);
      });

      test("what Connection names is taken away", async () => {
        const headers = { ...FORWARDED, connection: "close, x-one", "x-one": "1" };
        expect(await received("x-one", headers)).toBe("undefined");
      });

      test.each([
        { name: "few headers", more: 0 },
        { name: "more than are looked at quickly", more: 40 },
      ])("a loop with $name ends, and is counted as its path's failure", async ({ more }) => {
        const many = Object.fromEntries(Array.from({ length: more }, (_, i) => [`x-${i}`, "1"]));
        const before = await failures();
        const own = await received("via", FORWARDED);
        const headers = { ...FORWARDED, ...many, via: `${own}, ${own}` };
        for (let i = 0; i < TURNS; i++) {
          const { status, path } = await send(stage.gateway.url, { headers });
          expect([status, path]).toEqual([508, "edgezero"]);
        }
        await expect.poll(failures).toBe(before + TURNS);
        await expect.poll(open).toBe(0);
      });
    },
  );
});
