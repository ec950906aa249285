import type { RolloutPath } from "@edgezero/rollout";
import { parseProbe, PROBE_HEADER } from "@edgezero/rollout/probe";
import type { Answer } from "@edgezero/testbed/http-client";
import { valuesOf } from "@edgezero/testbed/http-client";
import { beforeEach, describe, expect, test } from "vitest";
import { BAD_PROBE_TOKENS } from "../bad-probe-tokens.ts";
import { eventsOf } from "../event-log.ts";
import { epochOf } from "../expected-decision.ts";
import type { FailSafeCase } from "../fail-safe-cases.ts";
import type { RequestFrom } from "../http-client.ts";
import { send } from "../http-client.ts";
import { PREVIOUS_PROBE_SECRET, PROBE_SECRET, probeTokenOf } from "../probe-token.ts";
import type { Runtime, RuntimeUnderTest } from "../runtime.ts";
import type { OnStage } from "../stage.ts";
import { allTo, enabledAt } from "../stage.ts";
import { casesOf, hold } from "../store-content.ts";
import { byStatus } from "./origins-by-status.ts";

const PATHS = ["legacy", "edgezero"] as const;
const GOOD = [
  { what: "valid", secret: PROBE_SECRET },
  { what: "previous secret", secret: PREVIOUS_PROBE_SECRET },
] as const;
/** Seen from outside, the epoch and the reason of a client's decision. */
const DECISION = /^reason=([a-z-]+); pct=(\d+);(?: bucket=\d+;)? epoch=([\da-f]+)$/;

/** Where there is a secret, a signed probe is answered by the gateway itself. */
export function describeProbes(runtime: Runtime, onStage: OnStage): void {
  describe("signed probes", () => {
    /** The origins that were asked by anything else than a mark of the events, with the header. */
    let asked: { readonly path: RolloutPath; readonly token: unknown }[];

    beforeEach(() => {
      asked = [];
      for (const path of PATHS) {
        onStage().origins[path].handler = (request, response) => {
          const isMark = /^\/status\/59[89]/.test(request.url ?? "");
          if (!isMark) asked.push({ path, token: request.headers[PROBE_HEADER] });
          byStatus(request, response);
        };
      }
    });

    describe.each(GOOD)("$what", ({ secret }) => {
      test.each(["GET", "HEAD", "POST", "DELETE"])(
        "%s: the decision, and no origin is asked and no event written",
        async (method) => {
          const { gateway } = onStage();
          await gateway.write(enabledAt(50));
          const body = method === "POST" ? { body: "x" } : {};
          const request = { method, path: "/status/201?a=b", ...body };
          let answer: Answer | undefined;
          const events = await eventsOf(gateway, async () => {
            answer = await probe(gateway, 49, secret, request);
          });
          expect([answer?.status, answer?.text, events, asked]).toEqual([204, "", [], []]);
          expect(answer?.headers["cache-control"]).toBe("no-store");
          expect(valuesOf(answer?.rawHeaders ?? [], PROBE_HEADER)).toEqual([
            expect.stringMatching(/^path=edgezero; reason=bucket; pct=50; bucket=49; epoch=/),
          ]);
          for (const name of ["x-edgezero-path", "x-edgezero-decision"]) {
            expect(answer?.headers).not.toHaveProperty(name);
          }
        },
      );
    });

    test.each(casesOf(runtime))("$row: $what decides as for a client", async (theCase) => {
      const { gateway } = onStage();
      const { reason, rolloutPct, store } = theCase;
      await hold(gateway, store);
      for (const bucket of bucketsAround(rolloutPct)) {
        expect(parsed(await probe(gateway, bucket))).toMatchObject({
          path: pathFor(theCase, bucket),
          reason,
          pct: rolloutPct,
          bucket,
          epoch: epochOf(store),
        });
      }
      const said = String((await send(gateway)).headers["x-edgezero-decision"]);
      expect(DECISION.exec(said)?.slice(1)).toEqual([reason, `${rolloutPct}`, epochOf(store)]);
    });

    test("each of the 100 buckets can be asked, by one client", async () => {
      const { gateway } = onStage();
      await gateway.write(enabledAt(33));
      const paths: unknown[] = [];
      for (let bucket = 0; bucket < 100; bucket++) {
        paths.push(parsed(await probe(gateway, bucket))?.path);
      }
      const expected = paths.map((_, bucket) => (bucket < 33 ? "edgezero" : "legacy"));
      expect(paths).toEqual(expected);
    });

    test("one token may be sent more than once, and the next config is told at once", async () => {
      const { gateway } = onStage();
      const headers = { [PROBE_HEADER]: probeTokenOf() };
      for (const path of [...PATHS, ...PATHS]) {
        await gateway.write(allTo(path));
        expect(parsed(await send(gateway, { headers }))?.path).toBe(path);
      }
    });

    const names = runtime.keepsInstance === true ? "one name" : `a name: ${runtime.keepsInstance}`;
    test(`who answers has ${names}`, async () => {
      const { gateway } = onStage();
      await gateway.write(enabledAt(50));
      const seen = new Set<string | undefined>();
      for (let bucket = 0; bucket < 10; bucket++) {
        const answer = await probe(gateway, bucket);
        expect(valuesOf(answer.rawHeaders, PROBE_HEADER)[0]).toMatch(
          /; instance=[\da-f]{16}(?:;|$)/,
        );
        seen.add(parsed(answer)?.instance);
      }
      expect(seen.size === 1 || runtime.keepsInstance !== true).toBe(true);
    });

    test("the health check comes first", async () => {
      const { gateway } = onStage();
      const { status, text } = await probe(gateway, 7, PROBE_SECRET, { path: "/health" });
      expect([status, text]).toEqual([200, "ok"]);
    });

    test.each(BAD_PROBE_TOKENS)("$what is an ordinary request", async ({ token }) => {
      const { gateway } = onStage();
      await gateway.write(allTo("legacy"));
      const headers = { [PROBE_HEADER]: token() };
      const request = { path: "/status/201", headers };
      let answer: Answer | undefined;
      const events = await eventsOf(gateway, async () => {
        answer = await send(gateway, request);
      });
      expect(answer?.status).toBe(201);
      expect(answer?.headers).not.toHaveProperty(PROBE_HEADER);
      expect(events).toMatchObject([{ path: "legacy", status: 201, excluded: null }]);
      expect(asked).toEqual([{ path: "legacy", token: undefined }]);
    });

    test.each(PATHS)("on %s, probes of any kind are never evidence", async (path) => {
      const { gateway } = onStage();
      await gateway.write(allTo(path));
      const events = await eventsOf(gateway, async () => {
        for (const method of ["GET", "HEAD", "POST"]) {
          // Were it routed, its origin would answer with a fault of the path.
          await probe(gateway, 7, PROBE_SECRET, { method, path: "/status/500" });
          for (const health of ["/health", "/health?from=monitor"]) {
            await send(gateway, { method, path: health });
            await probe(gateway, 7, PROBE_SECRET, { method, path: health });
          }
        }
      });
      // What a handler gets of them is marked; the next event without a mark is the closing one.
      expect(events.filter(({ excluded }) => excluded !== "health")).toEqual([]);
      expect(events).toHaveLength(2);
    });

    test.each(PATHS)("on %s, an origin cannot answer one", async (path) => {
      const { gateway, origins } = onStage();
      await gateway.write(allTo(path));
      const forged = { [PROBE_HEADER]: "path=legacy; reason=rollback; pct=0; bucket=7; epoch=0" };
      origins[path].handler = (_, response) => void response.writeHead(200, forged).end();
      expect((await send(gateway)).headers).not.toHaveProperty(PROBE_HEADER);
    });
  });
}

/** Without a secret, nothing of it exists. */
export function describeNoProbes(onStage: OnStage): void {
  describe("signed probes, without a secret", () => {
    test.each([...GOOD.map(({ secret }) => secret), "", "undefined", "null"])(
      "a token of the secret %j is an ordinary request, which its origin does not see",
      async (secret) => {
        const { gateway, origins } = onStage();
        await gateway.write(allTo("legacy"));
        origins.legacy.handler = ({ headers }, response) => {
          response.end(JSON.stringify(headers[PROBE_HEADER] ?? null));
        };
        const answer = await probe(gateway, 7, secret);
        expect([answer.status, answer.path, answer.text]).toEqual([200, "legacy", "null"]);
        expect(answer.headers).not.toHaveProperty(PROBE_HEADER);
      },
    );
  });
}

async function probe(
  gateway: RuntimeUnderTest,
  bucket: number,
  secret: string = PROBE_SECRET,
  request: RequestFrom = {},
): Promise<Answer> {
  const headers = { [PROBE_HEADER]: probeTokenOf({ bucket, secret }) };
  return send(gateway, { ...request, headers });
}

function parsed({ headers }: Answer): ReturnType<typeof parseProbe> {
  return parseProbe(headers[PROBE_HEADER]?.toString());
}

function bucketsAround(pct: number): number[] {
  const buckets = [0, pct - 1, pct, 99].filter((bucket) => bucket >= 0 && bucket <= 99);
  return [...new Set(buckets)];
}

function pathFor({ path, rolloutPct }: FailSafeCase, bucket: number): RolloutPath {
  if (path !== "by bucket") return path;
  return bucket < rolloutPct ? "edgezero" : "legacy";
}
