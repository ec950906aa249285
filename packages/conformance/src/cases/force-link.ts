import { valuesOf } from "@edgezero/testbed/http-client";
import { beforeEach, describe, expect, test } from "vitest";
import { BAD_TOKENS } from "../bad-tokens.ts";
import { tokenOf } from "../force-token.ts";
import { send } from "../http-client.ts";
import type { OnStage } from "../stage.ts";
import { allTo } from "../stage.ts";
import { answerByStatus } from "./origins-by-status.ts";

/** With a secret, a link gives a tester's browser a token, and redirects it. */
export function describeForceLink(onStage: OnStage): void {
  describe("a link to a forced path", () => {
    beforeEach(() => answerByStatus(onStage()));

    test("it sets a cookie for as long as the token is good, and leads on", async () => {
      const { gateway, origins } = onStage();
      await gateway.write(allTo("legacy"));
      origins.legacy.handler = (_, response) => void response.writeHead(418).end();
      const token = tokenOf({ expiresIn: 60 });
      const link = `/.edgezero/force?token=${token}&to=${encodeURIComponent("/shop?x=1")}`;
      const { status, headers, path } = await send(gateway, { path: link });
      expect([status, headers.location, path]).toEqual([303, "/shop?x=1", undefined]);
      expect(headers["cache-control"]).toContain("no-store");
      const [cookie = "", ...attributes] = (headers["set-cookie"]?.[0] ?? "").split("; ");
      expect(cookie).toBe(`edgezero_force=${token}`);
      expect(attributes).toEqual(expect.arrayContaining(["Path=/", "HttpOnly", "SameSite=Lax"]));
      const age = attributes.find((attribute) => attribute.startsWith("Max-Age="));
      expect(Number(age?.slice(8))).toBeGreaterThan(50);
      expect(Number(age?.slice(8))).toBeLessThanOrEqual(60);
      expect((await send(gateway, { headers: { cookie } })).path).toBe("edgezero");
    });

    test.each([
      "https://evil.example/x",
      "//evil.example/x",
      "/\\evil.example/x",
      "\\\\evil.example/x",
      "/\t/evil.example/x",
      " //evil.example/x",
      "/..//evil.example/x",
      "https:\\\\evil.example",
      "javascript:alert(1)",
      "data:text/html,x",
      "blob:https://evil.example/x",
      "http://[",
    ])("it does not lead away from the site: %s", async (to) => {
      const link = `/.edgezero/force?token=${tokenOf()}&to=${encodeURIComponent(to)}`;
      const { status, headers } = await send(onStage().gateway, { path: link });
      expect([status, headers.location]).toEqual([303, "/"]);
    });

    test("it writes nothing else into the headers", async () => {
      const to = encodeURIComponent("/x\r\nset-cookie: a=1\r\n\r\n<p>");
      const link = `/.edgezero/force?token=${tokenOf()}&to=${to}`;
      const answer = await send(onStage().gateway, { path: link });
      expect([answer.status, answer.text]).toEqual([303, ""]);
      expect(answer.headers.location).toMatch(/^\/x[^\r\n]*$/);
      expect(valuesOf(answer.rawHeaders, "set-cookie")).toHaveLength(1);
    });

    test.each(BAD_TOKENS)("with %s it is a request like any other", async (_, token) => {
      const { gateway, origins } = onStage();
      await gateway.write(allTo("legacy"));
      origins.legacy.handler = (request, response) => void response.end(request.url);
      const link = `/.edgezero/force?token=${token()}`;
      const answer = await send(gateway, { path: link });
      expect([answer.status, answer.path, answer.text]).toEqual([200, "legacy", link]);
      expect(answer.headers["set-cookie"]).toBeUndefined();
    });
  });
}
