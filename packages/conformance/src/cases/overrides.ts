import { mintForceToken } from "@edgezero/rollout/force";
import { beforeEach, describe, expect, test } from "vitest";
import { eventsOf } from "../event-log.ts";
import { FORCE_SECRET, tokenOf } from "../force-token.ts";
import { HANDSHAKE, REFUSAL } from "../handshake.ts";
import type { RequestFrom } from "../http-client.ts";
import { send, valuesOf } from "../http-client.ts";
import type { OnStage } from "../stage.ts";
import { allTo, enabledAt } from "../stage.ts";
import { answerByStatus } from "./origins-by-status.ts";

const PATHS = ["legacy", "edgezero"] as const;
type Path = (typeof PATHS)[number];
const OTHER: Record<Path, Path> = { legacy: "edgezero", edgezero: "legacy" };
const DISABLED = { edgezero_enabled: "false", edgezero_rollout_pct: "100" };
const ONE_WEEK_S = 7 * 24 * 3600;
/** How a request brings a token. */
const CARRIERS: [string, (token: string) => RequestFrom][] = [
  ["header", (token) => ({ headers: { "x-edgezero-force": token } })],
  ["cookie", (token) => ({ headers: { cookie: `a=1; edgezero_force=${token}; b=2` } })],
];

/** Tokens that do not count, and why. */
const BAD_TOKENS: [string, () => string][] = [
  ["nothing", () => ""],
  ["no token", () => "edgezero"],
  ["an expired one", () => tokenOf({ expiresIn: -1 })],
  ["one that is good for longer than any may be", () => tokenOf({ expiresIn: ONE_WEEK_S + 60 })],
  ["one of another secret", () => tokenOf({ secret: "another secret of over 32 characters" })],
  [
    "one for another path than was signed",
    () => tokenOf({ path: "legacy" }).replace("legacy", "edgezero"),
  ],
  ["one for no path", () => tokenOf({ path: "elsewhere" })],
  [
    "one that is good for longer than was signed",
    () => tokenOf().replace(/\.\d+/, (at) => `.${Number(at.slice(1)) + 60}`),
  ],
  ["one without a signature", () => tokenOf().replace(/[^.]*$/, "")],
  ["one with more after it", () => `${tokenOf()}x`],
];

/** Where there is a secret, a tester can choose a path. */
export function describeOverrides(onStage: OnStage): void {
  describe("forced paths", () => {
    beforeEach(() => answerByStatus(onStage()));

    describe.each(CARRIERS)("by %s", (_, carrying) => {
      test.each(PATHS)("to %s, while all others take the other path", async (path) => {
        const { gateway } = onStage();
        await gateway.write(allTo(OTHER[path]));
        const token = await mintForceToken({ secret: FORCE_SECRET, path, lifetimeMs: 60_000 });
        const answer = await send(gateway, carrying(token));
        expect([answer.status, answer.path]).toEqual([200, path]);
        expect(answer.headers["x-edgezero-decision"]).toMatch(/^reason=forced; pct=\d+; epoch=/);
        expect((await send(gateway)).path).toBe(OTHER[path]);
      });

      test.each(BAD_TOKENS)("%s is ignored", async (__, token) => {
        const { gateway } = onStage();
        await gateway.write(allTo("legacy"));
        const answer = await send(gateway, carrying(token()));
        expect([answer.status, answer.path]).toEqual([200, "legacy"]);
        expect(answer.headers["x-edgezero-decision"]).toMatch(/^reason=rollback; /);
      });

      test("while disabled, legacy can be forced, and EdgeZero cannot", async () => {
        const { gateway } = onStage();
        await gateway.write(DISABLED);
        const reasons: unknown[] = [];
        for (const path of PATHS) {
          const answer = await send(gateway, carrying(tokenOf({ path })));
          expect(answer.path).toBe("legacy");
          reasons.push(/reason=([^;]+)/.exec(String(answer.headers["x-edgezero-decision"]))?.[1]);
        }
        expect(reasons).toEqual(["forced", "disabled"]);
      });

      test.each(PATHS)("to %s, its event is marked as no evidence", async (path) => {
        const { gateway } = onStage();
        await gateway.write(enabledAt(50));
        const request = { ...carrying(tokenOf({ path })), path: "/status/500" };
        expect(await eventsOf(gateway, async () => send(gateway, request))).toMatchObject([
          { path, reason: "forced", rolloutPct: 50, bucket: null, excluded: "forced" },
        ]);
      });
    });

    test("the token in the header does not reach the origin", async () => {
      const { gateway, origins } = onStage();
      await gateway.write(allTo("legacy"));
      origins.edgezero.handler = (request, response) => {
        response.end(JSON.stringify(request.headers["x-edgezero-force"] ?? null));
      };
      const headers = { "x-edgezero-force": tokenOf() };
      expect(await send(gateway, { headers })).toMatchObject({ path: "edgezero", text: "null" });
    });

    test("a WebSocket can be forced too", async () => {
      const { gateway, origins } = onStage();
      await gateway.write(allTo("legacy"));
      const asked: Path[] = [];
      for (const path of PATHS) {
        origins[path].upgradeHandler = (_, socket) => {
          asked.push(path);
          socket.end(REFUSAL);
        };
      }
      const headers = { ...HANDSHAKE, "x-edgezero-force": tokenOf() };
      expect((await send(gateway, { headers })).status).toBe(403);
      expect(asked).toEqual(["edgezero"]);
    });

    describe("by a link", () => {
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

      test.each(["https://evil.example/x", "//evil.example/x", "/\\evil.example/x"])(
        "it does not lead away from the site: %s",
        async (to) => {
          const link = `/.edgezero/force?token=${tokenOf()}&to=${encodeURIComponent(to)}`;
          const { status, headers } = await send(onStage().gateway, { path: link });
          expect([status, headers.location]).toEqual([303, "/"]);
        },
      );

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
  });
}

/** Where the setting allows it, EdgeZero can be forced while it is disabled. */
export function describeOverridesWhileDisabled(onStage: OnStage): void {
  describe("forced paths, allowed while disabled", () => {
    test.each(CARRIERS)("EdgeZero can be forced by %s", async (_, carrying) => {
      const { gateway } = onStage();
      await gateway.write(DISABLED);
      expect((await send(gateway, carrying(tokenOf()))).path).toBe("edgezero");
      expect((await send(gateway, carrying(tokenOf({ expiresIn: -1 })))).path).toBe("legacy");
      expect((await send(gateway)).path).toBe("legacy");
    });
  });
}

/** Without a secret, nothing of it exists. */
export function describeNoOverrides(onStage: OnStage): void {
  describe("forced paths, without a secret", () => {
    test.each(CARRIERS)("a token in the %s changes nothing", async (_, carrying) => {
      const { gateway } = onStage();
      await gateway.write(allTo("legacy"));
      const answer = await send(gateway, carrying(tokenOf()));
      expect([answer.status, answer.path]).toEqual([200, "legacy"]);
    });

    test("the link is a request like any other", async () => {
      const { gateway, origins } = onStage();
      await gateway.write(allTo("legacy"));
      origins.legacy.handler = (request, response) => void response.end(request.url);
      const link = `/.edgezero/force?token=${tokenOf()}&to=/shop`;
      const answer = await send(gateway, { path: link });
      expect([answer.status, answer.path, answer.text]).toEqual([200, "legacy", link]);
      expect(valuesOf(answer, "set-cookie")).toEqual([]);
    });
  });
}
