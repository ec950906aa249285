import { once } from "node:events";
import { Agent } from "node:http";
import { mintForceToken } from "@edgezero/rollout/force";
import type { Answer } from "@edgezero/testbed/http-client";
import { responseTo, valuesOf } from "@edgezero/testbed/http-client";
import { beforeEach, describe, expect, test } from "vitest";
import { BAD_TOKENS } from "../bad-tokens.ts";
import { eventsOf } from "../event-log.ts";
import { FORCE_SECRET, tokenOf } from "../force-token.ts";
import { HANDSHAKE, REFUSAL } from "../handshake.ts";
import type { RequestFrom } from "../http-client.ts";
import { open, send } from "../http-client.ts";
import type { OnStage } from "../stage.ts";
import { allTo, enabledAt } from "../stage.ts";
import { answerByStatus } from "./origins-by-status.ts";

const PATHS = ["legacy", "edgezero"] as const;
type Path = (typeof PATHS)[number];
const OTHER: Record<Path, Path> = { legacy: "edgezero", edgezero: "legacy" };
const DISABLED = { edgezero_enabled: "false", edgezero_rollout_pct: "100" };
/** The ways in which a request carries a token. */
const CARRIERS: [string, (token: string) => RequestFrom][] = [
  ["header", (token) => ({ headers: { "x-edgezero-force": token } })],
  ["cookie", (token) => ({ headers: { cookie: `a=1; edgezero_force=${token}; b=2` } })],
];

/** A token that does not expire while the tests run. */
function tokenFor(path: Path): string {
  return tokenOf({ path, expiresIn: 24 * 3600 });
}

/** A request that carries a token in each way. */
function both(header: string | string[], cookie: string): RequestFrom {
  return { headers: { "x-edgezero-force": header, cookie: `edgezero_force=${cookie}` } };
}

/** The reason in a response's header. */
function reasonOf({ headers }: Answer): string | undefined {
  return /reason=([^;]+)/.exec(String(headers["x-edgezero-decision"]))?.[1];
}

/** With a secret, a tester can choose a path. */
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
          reasons.push(reasonOf(answer));
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

    describe("by header and cookie both", () => {
      const [toLegacy, toEdgezero] = [tokenFor("legacy"), tokenFor("edgezero")];

      test.each([
        ["the header counts first", both(toLegacy, toEdgezero), "legacy", "forced"],
        ["the header counts first", both(toEdgezero, toLegacy), "edgezero", "forced"],
        ["a bad header leaves the cookie", both("bad", toEdgezero), "edgezero", "forced"],
        ["a bad cookie leaves the header", both(toEdgezero, "bad"), "edgezero", "forced"],
        ["two headers are none", both([toEdgezero, toLegacy], toLegacy), "legacy", "forced"],
        ["two headers are none", both([toEdgezero, toEdgezero], "bad"), "legacy", "rollback"],
      ])("%s", async (_, request, path, reason) => {
        const { gateway } = onStage();
        await gateway.write(allTo("legacy"));
        const answer = await send(gateway, request);
        expect([answer.status, answer.path, reasonOf(answer)]).toEqual([200, path, reason]);
      });

      test("while disabled, what may not be forced leaves what may", async () => {
        const { gateway } = onStage();
        await gateway.write(DISABLED);
        const answer = await send(gateway, both(toEdgezero, toLegacy));
        expect([answer.status, answer.path, reasonOf(answer)]).toEqual([200, "legacy", "forced"]);
      });
    });

    test("while there is no config store, EdgeZero cannot be forced", async () => {
      const { gateway } = onStage();
      await gateway.write(null);
      const said: unknown[] = [];
      for (const path of PATHS) {
        const answer = await send(gateway, { headers: { "x-edgezero-force": tokenOf({ path }) } });
        said.push([answer.status, answer.path, reasonOf(answer)]);
      }
      expect(said).toEqual([
        [200, "legacy", "forced"],
        [200, "legacy", "store-unavailable"],
      ]);
    });

    test("it ends with its token, also on a connection that stays open", async () => {
      const { gateway } = onStage();
      await gateway.write(allTo("legacy"));
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const headers = { "x-edgezero-force": tokenOf({ expiresIn: 5 }) };
      const expiredAt = Date.now() + 5000;
      let forcedAt = 0;
      const sockets = new Set<unknown>();
      const ask = async (): Promise<unknown[]> => {
        const askedAt = Date.now();
        const request = open(gateway, { headers, agent }).end();
        const response = await responseTo(request);
        sockets.add(request.socket);
        response.resume();
        await once(response, "close");
        const path = response.headers["x-edgezero-path"];
        if (path === "edgezero") forcedAt = askedAt;
        return [response.statusCode, path];
      };
      expect(await ask()).toEqual([200, "edgezero"]);
      // Asked often, since an idle connection is closed after some seconds.
      await expect.poll(ask, { interval: 250 }).toEqual([200, "legacy"]);
      expect(await ask()).toEqual([200, "legacy"]);
      expect(forcedAt).toBeLessThan(expiredAt);
      expect(sockets.size).toBe(1);
      agent.destroy();
    });

    test("an origin that fails is not covered up by the other path", async () => {
      const { gateway, origins } = onStage();
      await gateway.write(allTo("legacy"));
      await origins.edgezero.whileDown(async () => {
        const answer = await send(gateway, { headers: { "x-edgezero-force": tokenOf() } });
        expect([answer.status, answer.path, reasonOf(answer)]).toEqual([502, "edgezero", "forced"]);
      });
    });

    test("no token reaches the origin, and every other cookie does", async () => {
      const { gateway, origins } = onStage();
      await gateway.write(allTo("legacy"));
      origins.edgezero.handler = ({ headers }, response) => {
        response.end(JSON.stringify([headers["x-edgezero-force"] ?? null, headers.cookie ?? null]));
      };
      const token = tokenOf();
      const twice = [`edgezero_force=${token}`, `edgezero_force=${token}`];
      for (const [headers, got] of [
        [{ "x-edgezero-force": token, cookie: "a=b; c=d" }, [null, "a=b; c=d"]],
        [{ cookie: `edgezero_force=${token}` }, [null, null]],
        [{ cookie: `a=b; edgezero_force=${token}; c=d` }, [null, "a=b; c=d"]],
        [{ "x-edgezero-force": token, cookie: `a=b; EdgeZero_Force = ${token}` }, [null, "a=b"]],
        [{ "x-edgezero-force": token, cookie: `edgezero%5Fforce="${token}"; c=d` }, [null, "c=d"]],
        [{ "x-edgezero-force": token, cookie: twice }, [null, null]],
      ] as const) {
        const { path, text } = await send(gateway, { headers });
        expect([path, JSON.parse(text)]).toEqual(["edgezero", got]);
      }
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

    test.each(CARRIERS)("and while there is no config store, by %s", async (_, carrying) => {
      const { gateway } = onStage();
      await gateway.write(null);
      expect((await send(gateway, carrying(tokenOf()))).path).toBe("edgezero");
      expect((await send(gateway, carrying(tokenOf({ expiresIn: -1 })))).path).toBe("legacy");
      expect((await send(gateway)).path).toBe("legacy");
    });
  });
}

/** Without a secret, nobody can choose a path, and there is no link. */
export function describeNoOverrides(onStage: OnStage): void {
  describe("forced paths, without a secret", () => {
    test.each(CARRIERS)("a token in the %s changes nothing", async (_, carrying) => {
      const { gateway } = onStage();
      await gateway.write(allTo("legacy"));
      for (const secret of [FORCE_SECRET, "", "undefined", "null"]) {
        const answer = await send(gateway, carrying(tokenOf({ secret })));
        expect([answer.status, answer.path]).toEqual([200, "legacy"]);
      }
    });

    test("the link is a request like any other", async () => {
      const { gateway, origins } = onStage();
      await gateway.write(allTo("legacy"));
      origins.legacy.handler = (request, response) => void response.end(request.url);
      const link = `/.edgezero/force?token=${tokenOf()}&to=/shop`;
      const answer = await send(gateway, { path: link });
      expect([answer.status, answer.path, answer.text]).toEqual([200, "legacy", link]);
      expect(valuesOf(answer.rawHeaders, "set-cookie")).toEqual([]);
    });
  });
}
