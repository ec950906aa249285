import { describe, expect, test } from "vitest";
import { loggerThat, recordingLogger } from "@edgezero/testbed/recording-logger";
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
import type { Decision } from "./decide.ts";
import { createRolloutHandler } from "./rollout-handler.ts";
import type { RolloutState } from "./rollout-state.ts";

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
    const states: RolloutState[] = [];
    const configStore = storeThat(answers("1"), () => pct());
    const send = testGateway({
      configStore,
      attribution: (_request, _client, state) => {
        states.push(state);
        return {};
      },
      staleIfErrorMs: 60_000,
    });
    await send();
    pct = throws(new Error("broken"));
    expect((await send()).headers.get("x-edgezero-path")).toBe("edgezero");
    expect(states.map(({ reason }) => reason)).toEqual(["cutover", "stale-cutover"]);
  });
});

describe("an abort by the client", () => {
  test("reaches the handler, whose rejection is passed on", async () => {
    const finished: unknown[] = [];
    const send = gatewayTo(
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      { attribution: () => ({ finish: (sent) => void finished.push(sent) }) },
    );
    const client = new AbortController();
    const response = send(new Request(URL_OF_SITE, { signal: client.signal }));
    const gone = new Error("client gone");
    setImmediate(() => client.abort(gone));
    await expect(response).rejects.toBe(gone);
    expect(finished).toEqual([null]);
  });
});

describe("what a handler throws", () => {
  const error = new Error("handler");
  test.each([
    { how: "throws", does: throws(error) },
    { how: "rejects", does: rejects(error) },
  ])("is passed on as it is, when it $how", async ({ does }) => {
    const finished: unknown[] = [];
    const fail = does as () => Promise<Response>;
    const attribution = () => ({ finish: (sent: unknown) => void finished.push(sent) });
    await expect(gatewayTo(fail, { attribution })()).rejects.toBe(error);
    expect(finished).toEqual([null]);
  });
});

describe("the attribution", () => {
  test.each([
    { flag: "1", pct: "86", reason: "bucket", path: "edgezero" },
    { flag: "1", pct: "0", reason: "rollback", path: "legacy" },
    { flag: "1", pct: null, reason: "pct-absent", path: "legacy" },
    { flag: "0", pct: "100", reason: "disabled", path: "legacy" },
  ])("hears of $reason before, and of the response after", async ({ flag, pct, reason, path }) => {
    const request = new Request(URL_OF_SITE);
    const client = { ip: "1.2.3.4" };
    const heard: unknown[] = [];
    const send = testGateway({
      configStore: storeOf(flag, pct),
      attribution: (...args) => {
        heard.push(...args);
        return { finish: (sent) => void heard.push(sent, sent?.headers.get("x-edgezero-path")) };
      },
    });
    const response = await send(request, client);
    expect(heard).toEqual([request, client, expect.objectContaining({ reason }), response, path]);
    expect(heard[0]).toBe(request);
    expect(heard[1]).toBe(client);
    expect(heard[3]).toBe(response);
  });

  test.each<{ how: string; as: (given: object) => () => object }>([
    { how: "at once", as: (given) => () => given },
    { how: "with a promise", as: (given) => async () => given },
  ])("may decide, $how", async ({ as }) => {
    const logger = recordingLogger();
    const decision: Decision = { path: "legacy", reason: "forced", rolloutPct: 100 };
    const response = await testGateway({ attribution: as({ decision }), logger })();
    expect(response.headers.get("x-edgezero-path")).toBe("legacy");
    expect(await response.text()).toBe("from legacy");
    expect(logger.lines.at(-1)).toEqual({
      level: "debug",
      message: "routing request through legacy path (rollout_pct=100)",
      fields: decision,
    });
  });

  test("may set headers that the client gets, also where a response's own are immutable", async () => {
    const immutable = await fetch("data:text/plain,body");
    const send = gatewayTo(() => immutable, {
      attribution: () => ({ finish: (sent) => sent?.headers.set("x-epoch", "ab12cd") }),
    });
    const response = await send();
    expect(response.headers.get("x-epoch")).toBe("ab12cd");
    expect(response.headers.get("x-edgezero-path")).toBe("edgezero");
    expect(await response.text()).toBe("body");
  });

  test("is called with the response only once the handler has answered", async () => {
    const order: string[] = [];
    const send = gatewayTo(
      async () => {
        order.push("handler");
        await new Promise(setImmediate);
        order.push("answered");
        return new Response();
      },
      {
        attribution: () => {
          order.push("attribution");
          return { finish: () => void order.push("finish") };
        },
      },
    );
    await send();
    order.push("sent");
    expect(order).toEqual(["attribution", "handler", "answered", "finish", "sent"]);
  });
});

describe("a broken observer", () => {
  const error = new Error("observer");
  test.each<{ who: string; options: Partial<TestOptions> }>([
    { who: "attribution throws", options: { attribution: throws(error) as () => never } },
    {
      who: "attribution rejects",
      options: { attribution: rejects(error) as () => Promise<never> },
    },
    { who: "attribution gives nothing", options: { attribution: answers(null) as () => never } },
    {
      who: "attribution's finish throws",
      options: { attribution: () => ({ finish: throws(error) }) },
    },
    {
      who: "attribution's finish rejects",
      options: { attribution: () => ({ finish: rejects(error) }) },
    },
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

  test("whose finish never ends is not waited for", async () => {
    const send = testGateway({ attribution: () => ({ finish: neverAnswers }) });
    expect((await send()).status).toBe(200);
  });
});
