import { describe, expect, test } from "vitest";
import { loggerThat } from "../test/recording-logger.ts";
import {
  answers,
  neverAnswers,
  rejects,
  storeOf,
  storeThat,
  throws,
} from "../test/scripted-store.ts";
import type { TestOptions } from "../test/test-gateway.ts";
import { gatewayTo, testGateway, URL_OF_SITE } from "../test/test-gateway.ts";
import { unhandledRejectionsOf } from "../test/unhandled-rejections.ts";
import type { DecisionEvent } from "./decision-sink.ts";
import { createRolloutHandler } from "./rollout-handler.ts";

describe("a request", () => {
  test.each([
    { flag: "0", pct: "100", ip: "1.2.3.4", path: "legacy" },
    { flag: null, pct: null, ip: "1.2.3.4", path: "legacy" },
    { flag: "1", pct: "0", ip: "1.2.3.4", path: "legacy" },
    { flag: "1", pct: "85", ip: "1.2.3.4", path: "legacy" },
    { flag: "1", pct: "86", ip: "1.2.3.4", path: "edgezero" },
    { flag: "1", pct: "86", ip: "::ffff:1.2.3.4", path: "edgezero" },
    { flag: "1", pct: "62", ip: null, path: "edgezero" },
    { flag: "1", pct: "61", ip: undefined, path: "legacy" },
    { flag: "1", pct: "100", ip: "1.2.3.4", path: "edgezero" },
  ])("of $ip goes to $path at flag $flag, $pct %", async ({ flag, pct, ip, path }) => {
    const called: string[] = [];
    const handler = (name: string) => () => {
      called.push(name);
      return new Response(`from ${name}`);
    };
    const send = testGateway({
      configStore: storeOf(flag, pct),
      legacy: handler("legacy"),
      edgezero: handler("edgezero"),
    });
    const response = await send(new Request(URL_OF_SITE), { ip });
    expect(called).toEqual([path]);
    expect(response.status).toBe(200);
    expect(response.headers.get("x-edgezero-path")).toBe(path);
    expect(await response.text()).toBe(`from ${path}`);
  });

  test("reaches the handler as it came, with all that the app knows of the client", async () => {
    const got: unknown[] = [];
    const client = { ip: "1.2.3.4", country: "XX" };
    const edgezero = (...args: unknown[]) => {
      got.push(...args);
      return new Response();
    };
    const send = createRolloutHandler<Request, typeof client, Response>({
      configStore: storeOf("1", "100"),
      legacy: edgezero,
      edgezero,
    });
    const request = new Request(URL_OF_SITE, { method: "POST", body: "body" });
    await send(request, client);
    expect(got).toHaveLength(2);
    expect(got[0]).toBe(request);
    expect(got[1]).toBe(client);
    expect(request.bodyUsed).toBe(false);
  });

  test("is served by legacy when the config store is broken", async () => {
    const response = await testGateway({ configStore: storeThat(throws(5), throws(5)) })();
    expect(response.headers.get("x-edgezero-path")).toBe("legacy");
    expect(await response.text()).toBe("from legacy");
  });

  test("is served by the last good state when a read fails and staleIfErrorMs is set", async () => {
    let pct: () => unknown = answers("100");
    const events: DecisionEvent[] = [];
    const sink = (event: DecisionEvent): void => void events.push(event);
    const configStore = storeThat(answers("1"), () => pct());
    const send = testGateway({ configStore, sink, staleIfErrorMs: 60_000 });
    await send();
    pct = throws(new Error("broken"));
    expect((await send()).headers.get("x-edgezero-path")).toBe("edgezero");
    expect(events.map(({ reason }) => reason)).toEqual(["cutover", "stale-cutover"]);
  });
});

describe("an abort by the client", () => {
  test("reaches the handler, whose rejection is passed on", async () => {
    const events: DecisionEvent[] = [];
    const send = gatewayTo(
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      { sink: (event) => void events.push(event) },
    );
    const client = new AbortController();
    const response = send(new Request(URL_OF_SITE, { signal: client.signal }));
    const gone = new Error("client gone");
    setImmediate(() => client.abort(gone));
    await expect(response).rejects.toBe(gone);
    expect(events).toMatchObject([{ path: "edgezero", status: null }]);
  });
});

describe("what a handler throws", () => {
  const error = new Error("handler");
  test.each([
    { how: "throws", does: throws(error) },
    { how: "rejects", does: rejects(error) },
  ])("is passed on as it is, when it $how", async ({ does }) => {
    const events: DecisionEvent[] = [];
    const fail = does as () => Promise<Response>;
    const send = gatewayTo(fail, { sink: (event) => void events.push(event) });
    await expect(send()).rejects.toBe(error);
    expect(events).toEqual([
      { path: "edgezero", reason: "cutover", rolloutPct: 100, status: null },
    ]);
  });
});

const answer = () => new Response(null, { status: 418 });

describe("the sink", () => {
  test.each([
    {
      flag: "1",
      pct: "86",
      event: { path: "edgezero", reason: "bucket", rolloutPct: 86, bucket: 85 },
    },
    { flag: "1", pct: "0", event: { path: "legacy", reason: "rollback", rolloutPct: 0 } },
    { flag: "1", pct: null, event: { path: "legacy", reason: "pct-absent", rolloutPct: 0 } },
    { flag: "0", pct: "100", event: { path: "legacy", reason: "disabled", rolloutPct: 0 } },
  ])("hears once of $event.reason, and never who the client was", async ({ flag, pct, event }) => {
    const events: DecisionEvent[] = [];
    const sink = (heard: DecisionEvent): void => void events.push(heard);
    const configStore = storeOf(flag, pct);
    await testGateway({ configStore, legacy: answer, edgezero: answer, sink })();
    expect(events).toStrictEqual([{ ...event, status: 418 }]);
  });
});

describe("a broken observer", () => {
  const error = new Error("observer");
  test.each<{ who: string; options: Partial<TestOptions> }>([
    { who: "sink throws", options: { sink: throws(error) as () => never } },
    { who: "sink rejects", options: { sink: rejects(error) as () => Promise<void> } },
    { who: "logger throws", options: { logger: loggerThat(throws(error)) } },
    { who: "logger rejects", options: { logger: loggerThat(rejects(error)) } },
    {
      who: "logger's isLevelEnabled throws",
      options: {
        logger: { ...loggerThat(answers(undefined)), isLevelEnabled: throws(error) as () => never },
      },
    },
  ])("changes nothing and leaves no rejection behind: $who", async ({ options }) => {
    const unhandled = await unhandledRejectionsOf(async () => {
      for (const pct of ["86", "0", "x", null]) {
        const path = pct === "86" ? "edgezero" : "legacy";
        const response = await testGateway({ ...options, configStore: storeOf("1", pct) })();
        expect(response.headers.get("x-edgezero-path")).toBe(path);
        expect(await response.text()).toBe(`from ${path}`);
      }
      const failing = gatewayTo(throws(new Error("handler")) as () => never, options);
      await expect(failing()).rejects.toThrow("handler");
    });
    expect(unhandled).toEqual([]);
  });

  test("that never answers is not waited for", async () => {
    expect((await testGateway({ sink: neverAnswers as () => Promise<void> })()).status).toBe(200);
  });
});
