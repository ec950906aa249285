import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { TestAttribution } from "../../test/attributed-gateway.ts";
import { attributedGateway } from "../../test/attributed-gateway.ts";
import { naiveEpoch } from "../../test/naive-reference.ts";
import {
  answers,
  cannotBeOpened,
  rejects,
  storeOf,
  storeThat,
  throws,
} from "../../test/scripted-store.ts";
import { testGateway, URL_OF_SITE } from "../../test/test-gateway.ts";

const NOW = 1_700_000_000_000;
const error = new Error("broken");
const broken = throws(error);
const on = answers("1");

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date", "performance", "setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const after = (ms: number, status = 200) =>
  new Promise<Response>((resolve) => setTimeout(() => resolve(new Response(null, { status })), ms));

const teapot = () => after(40, 418);
const cacheable = () =>
  new Response("body", { status: 418, headers: { "cache-control": "public, max-age=5" } });

describe("the event of a request", () => {
  const rows = [
    [cannotBeOpened, broken, "legacy", "store-unavailable", 0, null, [undefined]],
    [broken, broken, "legacy", "flag-unreadable", 0, null, [undefined]],
    [answers("0"), answers("50"), "legacy", "disabled", 0, null, ["0"]],
    [answers(null), answers("50"), "legacy", "disabled", 0, null, [null]],
    [on, broken, "legacy", "pct-unreadable", 0, null, ["1"]],
    [on, answers(null), "legacy", "pct-absent", 0, null, ["1", null]],
    [on, answers("x"), "legacy", "pct-invalid", 0, null, ["1", "x"]],
    [on, answers("0"), "legacy", "rollback", 0, null, ["1", "0"]],
    [on, answers("100"), "edgezero", "cutover", 100, null, ["1", "100"]],
    [on, answers("85"), "legacy", "bucket", 85, 85, ["1", "85"]],
    [on, answers(" 86"), "edgezero", "bucket", 86, 85, ["1", " 86"]],
  ] as const;

  test.each(rows)(
    "%o, %o: %s for %s",
    async (flag, pct, path, reason, rolloutPct, bucket, epoch) => {
      const options = { configStore: storeThat(flag, pct), legacy: teapot, edgezero: teapot };
      const { events, send } = attributedGateway({}, options);
      const response = send();
      await vi.advanceTimersByTimeAsync(40);
      await response;
      expect(events).toStrictEqual([
        {
          version: 1,
          time: NOW + 40,
          service: "site",
          runtime: "node",
          path,
          reason,
          rolloutPct,
          bucket,
          epoch: naiveEpoch(epoch[0], epoch[1]),
          status: 418,
          outcome: "ok",
          error: null,
          durationMs: 40,
          lastByteMs: null,
          excluded: null,
          weight: 1,
        },
      ]);
    },
  );

  test.each(["bucket", "cutover", "rollback", "disabled"])(
    "keeps the epoch of the state that still stands: stale-%s",
    async (reason) => {
      const [flag, pct] = { bucket: ["1", "50"], cutover: ["1", "100"], rollback: ["1", "0"] }[
        reason
      ] ?? ["0", "50"];
      let flagNow = answers(flag);
      const configStore = storeThat(() => flagNow(), answers(pct));
      const { events, send } = attributedGateway({}, { configStore, staleIfErrorMs: 1000 });
      await send();
      flagNow = broken;
      await send();
      expect(events.map((event) => event.reason)).toEqual([reason, `stale-${reason}`]);
      expect(events[1]?.epoch).toBe(naiveEpoch(flag, flag === "1" ? pct : undefined));
      expect(events[1]?.epoch).toBe(events[0]?.epoch);
    },
  );

  test.each([
    { status: 200, outcome: "ok" },
    { status: 302, outcome: "ok" },
    { status: 404, outcome: "ok" },
    { status: 499, outcome: "ok" },
    { status: 500, outcome: "error" },
    { status: 502, outcome: "error" },
    { status: 503, outcome: "error" },
    { status: 504, outcome: "timeout" },
    { status: 505, outcome: "error" },
    { status: 599, outcome: "error" },
  ])("has the outcome $outcome at status $status", async ({ status, outcome }) => {
    const edgezero = () => new Response(null, { status });
    const { events, send } = attributedGateway({}, { edgezero });
    await send();
    expect(events).toMatchObject([{ path: "edgezero", status, outcome }]);
  });

  test("is there for a network error, whose headers nobody may set", async () => {
    const { events, send } = attributedGateway(
      { attribution: "detail", sharedCaches: "private" },
      { edgezero: () => Response.error(), configStore: storeOf("1", "86") },
    );
    expect((await send()).type).toBe("error");
    expect(events).toMatchObject([{ status: 0, outcome: "error" }]);
  });

  test.each([
    { how: "throws", edgezero: throws(error) as () => never },
    { how: "rejects", edgezero: rejects(error) as () => Promise<never> },
  ])("has no status where the handler $how", async ({ edgezero }) => {
    const { events, send } = attributedGateway({}, { edgezero });
    await expect(send()).rejects.toBe(error);
    expect(events).toMatchObject([{ path: "edgezero", status: null, outcome: "error" }]);
  });

  test.each([
    { how: "answers", edgezero: () => new Response(null, { status: 502 }), status: 502 },
    { how: "throws", edgezero: throws(error) as () => never, status: null },
  ])("is aborted where the client is gone by the time its handler $how", async (row) => {
    const client = new AbortController();
    const edgezero = () => {
      client.abort();
      return row.edgezero();
    };
    const { events, send } = attributedGateway({}, { edgezero });
    await send(new Request(URL_OF_SITE, { signal: client.signal })).catch(() => {});
    expect(events).toMatchObject([{ status: row.status, outcome: "aborted" }]);
  });

  test.each(["203.0.113.7", "2001:db8::77", "::ffff:203.0.113.7"])(
    "names neither the client %s nor anything of the URL",
    async (ip) => {
      const events: unknown[] = [];
      for (const pct of ["0", "50", "100", null, "x"]) {
        const gateway = attributedGateway({}, { configStore: storeOf("1", pct) });
        const url = "https://user-host.example:8443/secret-path?secret-query";
        await gateway.send(new Request(url, { headers: { cookie: "secret-cookie" } }), { ip });
        events.push(...gateway.events);
      }
      expect(events).toHaveLength(5);
      expect(JSON.stringify(events)).not.toMatch(/203\.0|cb00|2001:|db8|secret|user-host|https/i);
    },
  );

  test("is not made for the health check that takes no path", async () => {
    const { events, send } = attributedGateway();
    expect(await (await send(new Request("https://site.example/health"))).text()).toBe("ok");
    expect(events).toEqual([]);
  });
});

test.each([
  { what: "no sinks", attribution: { sinks: [] } },
  { what: "sinks that fail", attribution: { sinks: [broken, rejects(error)] } },
  { what: "drops whose listener fails", attribution: { sinks: [broken], onDropped: broken } },
  { what: "a watch that fails", attribution: { watchEnding: broken } },
  { what: "an override that fails", attribution: { override: broken } },
])("a response is the same, to each header, with $what", async ({ attribution }) => {
  const plain = await testGateway({ edgezero: cacheable })();
  const { send } = attributedGateway(attribution as TestAttribution, { edgezero: cacheable });
  const response = await send();
  expect([response.status, [...response.headers], await response.text()]).toEqual([
    plain.status,
    [...plain.headers],
    "body",
  ]);
});

test("a client that an app leaves out changes nothing", async () => {
  const { events, send } = attributedGateway();
  expect((await send(new Request(URL_OF_SITE), null as never)).status).toBe(200);
  expect(events).toMatchObject([{ excluded: "no-client-address" }]);
});
