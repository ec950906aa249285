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
import { unhandledRejectionsOf } from "../../test/unhandled-rejections.ts";
import type { ResponseEnding } from "./attribution-options.ts";

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

describe("where the runtime can tell when a response is sent", () => {
  test.each<{ ending: ResponseEnding; status: number; outcome: string; lastByteMs: number | null }>(
    [
      { ending: "sent", status: 200, outcome: "ok", lastByteMs: 75 },
      { ending: "sent", status: 503, outcome: "error", lastByteMs: 75 },
      { ending: "sent", status: 504, outcome: "timeout", lastByteMs: 75 },
      { ending: "broken-off", status: 200, outcome: "error", lastByteMs: null },
      { ending: "aborted-by-client", status: 200, outcome: "aborted", lastByteMs: null },
      { ending: "aborted-by-client", status: 504, outcome: "aborted", lastByteMs: null },
    ],
  )("the event waits: $status, $ending is $outcome", async ({ ending, status, ...told }) => {
    const client = { ip: "1.2.3.4" };
    const ends: ((how: ResponseEnding) => void)[] = [];
    const watched: unknown[] = [];
    const watchEnding: TestAttribution["watchEnding"] = (whose, ended) => {
      watched.push(whose);
      ends.push(ended);
    };
    const { events, send } = attributedGateway(
      { watchEnding },
      { edgezero: () => after(40, status) },
    );
    const response = send(new Request(URL_OF_SITE), client);
    await vi.advanceTimersByTimeAsync(40);
    await response;
    expect(watched[0]).toBe(client);
    expect(events).toEqual([]);
    vi.advanceTimersByTime(35);
    ends[0]?.(ending);
    ends[0]?.("sent");
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ status, ...told, time: NOW + 40, durationMs: 40 });
  });

  test.each([
    { when: "before", ends: false },
    { when: "after", ends: true },
  ])("one event is sent, also where watching throws $when it has ended", async ({ ends }) => {
    const watchEnding: TestAttribution["watchEnding"] = (_client, ended) => {
      if (ends) ended("aborted-by-client");
      throw error;
    };
    const { events, send } = attributedGateway({ watchEnding });
    expect((await send()).status).toBe(200);
    expect(events).toMatchObject([{ outcome: ends ? "aborted" : "ok", lastByteMs: null }]);
  });

  test("an ending of what a handler threw is an error, or an abort", async () => {
    for (const [ending, outcome] of [
      ["sent", "error"],
      ["broken-off", "error"],
      ["aborted-by-client", "aborted"],
    ] as const) {
      const { events, send } = attributedGateway(
        { watchEnding: (_client, ended) => ended(ending) },
        { edgezero: throws(error) as () => never },
      );
      await expect(send()).rejects.toBe(error);
      expect(events).toMatchObject([{ status: null, outcome }]);
    }
  });
});

describe("an override", () => {
  test.each(["legacy", "edgezero"] as const)("to %s is taken, at once or later", async (path) => {
    for (const override of [() => path, async () => path]) {
      for (const [flag, pct] of [
        ["1", "86"],
        ["1", "0"],
        ["0", "100"],
      ] as const) {
        const configStore = storeOf(flag, pct);
        const { events, send } = attributedGateway({ override }, { configStore });
        const response = await send();
        expect(await response.text()).toBe(`from ${path}`);
        expect(response.headers.get("x-edgezero-path")).toBe(path);
        expect(events).toMatchObject([
          { path, reason: "forced", rolloutPct: flag === "1" ? Number(pct) : 0, bucket: null },
        ]);
        expect(events[0]?.excluded).toBe("forced");
      }
    }
  });

  test.each([
    { what: "null", override: answers(null) },
    { what: "null later", override: async () => null },
    { what: "undefined", override: answers(undefined) },
    { what: "another word", override: answers("configStore") },
    { what: "an object", override: answers({}) },
    { what: "another word later", override: async () => "health" },
    { what: "a throw", override: broken },
    { what: "a rejection", override: rejects(error) },
  ])("that gives $what leaves the usual decision, and its event", async ({ override }) => {
    const unhandled = await unhandledRejectionsOf(async () => {
      const { events, send } = attributedGateway(
        { override: override as () => null },
        { configStore: storeOf("1", "86") },
      );
      expect(await (await send()).text()).toBe("from edgezero");
      expect(events).toMatchObject([{ path: "edgezero", reason: "bucket", excluded: null }]);
    });
    expect(unhandled).toEqual([]);
  });

  test("gets the request and the state", async () => {
    const override = vi.fn<() => null>(() => null);
    const request = new Request(URL_OF_SITE);
    await attributedGateway({ override }, { configStore: storeOf("1", "7") }).send(request);
    const epoch = naiveEpoch("1", "7");
    const state = { enabled: true, rolloutPct: 7, reason: "bucket", epoch };
    expect(override.mock.calls).toEqual([[request, state]]);
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
