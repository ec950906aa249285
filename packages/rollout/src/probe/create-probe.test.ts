import { loggerThat, messages, recordingLogger } from "@edgezero/testbed/recording-logger";
import { afterEach, describe, expect, test, vi } from "vitest";
import { probedGateway, SECRET, tokenOf } from "../../test/probed-gateway.ts";
import { neverAnswers, rejects, storeOf, storeThat, throws } from "../../test/scripted-store.ts";
import { unhandledRejectionsOf } from "../../test/unhandled-rejections.ts";
import { createAttribution } from "../attribution/index.ts";
import { decide } from "../decide.ts";
import { readRollout } from "../read-rollout.ts";
import type { Secret } from "../secret.ts";
import { createProbe } from "./create-probe.ts";
import { parseProbe, PROBE_HEADER } from "./probe-header.ts";
import { mintProbeToken } from "./token.ts";

const OLD = "the secret that was in use before it was changed";
const broken = throws(new Error(`the secret is ${SECRET}`));

const answerOf = (response: Response) => parseProbe(response.headers.get(PROBE_HEADER));
/** The status of the answer to a probe, where these are the secrets. */
async function statusWith(secrets: readonly Secret[]): Promise<number> {
  return (await probedGateway({ secrets }).ask(tokenOf())).status;
}

afterEach(() => vi.useRealTimers());

describe("a probe", () => {
  test("is answered with 204 and the whole decision, and nothing else", async () => {
    const { ask } = probedGateway({}, { configStore: storeOf("1", "10") });
    const response = await ask(await mintProbeToken({ secret: SECRET, bucket: 7 }));
    expect([response.status, await response.text()]).toEqual([204, ""]);
    expect(Object.keys(Object.fromEntries(response.headers))).toEqual([
      "cache-control",
      "x-edgezero-probe",
    ]);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get(PROBE_HEADER)).toMatch(
      /^path=edgezero; reason=bucket; pct=10; bucket=7; epoch=[\da-f]{1,8}; instance=[\da-f]{16}; signature=[\w-]{43}$/,
    );
  });

  test.each([
    { flag: "1", pct: "0" },
    { flag: "1", pct: "1" },
    { flag: "1", pct: "50" },
    { flag: "1", pct: "99" },
    { flag: "1", pct: "100" },
    { flag: "0", pct: "50" },
    { flag: null, pct: null },
    { flag: "1", pct: "x" },
  ])("of each bucket has a client's decision, with flag $flag at $pct", async ({ flag, pct }) => {
    const configStore = storeOf(flag, pct);
    const { ask } = probedGateway({}, { configStore });
    const state = await readRollout(configStore);
    for (let bucket = 0; bucket < 100; bucket++) {
      const { path, reason, rolloutPct } = decide(state, null, bucket);
      expect(path).toBe(bucket < rolloutPct ? "edgezero" : "legacy");
      expect(answerOf(await ask(tokenOf({ bucket })))).toMatchObject({
        path,
        reason,
        pct: rolloutPct,
        bucket,
        epoch: state.epoch,
      });
    }
  });

  test("of any method and path is answered, but the health check comes first", async () => {
    const { send, ask } = probedGateway();
    for (const method of ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]) {
      expect((await ask(tokenOf(), { method })).status).toBe(204);
    }
    const headers = { [PROBE_HEADER]: tokenOf() };
    const health = new Request("https://site.example/health", { headers });
    expect(await (await send(health)).text()).toBe("ok");
  });

  test("needs no client, and asks no path and no attribution", async () => {
    const untouched = vi.fn<() => never>(() => {
      throw new Error("asked");
    });
    const { send } = probedGateway(
      {},
      { legacy: untouched, edgezero: untouched, attribution: untouched },
    );
    const request = new Request("https://site.example/", {
      headers: { [PROBE_HEADER]: tokenOf() },
    });
    const client = {
      get ip(): string {
        throw new Error("looked at");
      },
    };
    expect((await send(request, client)).status).toBe(204);
    expect(untouched).not.toHaveBeenCalled();
  });

  test("reads the config as a client's request does, and may be repeated", async () => {
    const configStore = storeOf("1", "10");
    const { send, ask } = probedGateway({}, { configStore });
    await send();
    const perRequest = configStore.reads.length;
    const token = tokenOf();
    expect([(await ask(token)).status, (await ask(token)).status]).toEqual([204, 204]);
    expect(configStore.reads.length).toBe(3 * perRequest);
  });

  test("is told who answered: one name for each gateway, from the first answer on", async () => {
    const gateways = [probedGateway(), probedGateway()];
    const names = await Promise.all(
      gateways.map(async ({ ask }) => {
        const first = answerOf(await ask(tokenOf()))?.instance;
        expect(answerOf(await ask(tokenOf({ bucket: 99 })))?.instance).toBe(first);
        return first;
      }),
    );
    expect(new Set(names).size).toBe(2);
  });

  test("is told how much is open, and where", async () => {
    const seen: string[] = [];
    const { ask } = probedGateway({
      open: () => 3,
      place: ({ url }) => {
        seen.push(url);
        return "FRA";
      },
    });
    expect(answerOf(await ask(tokenOf()))).toMatchObject({ open: 3, place: "FRA" });
    expect(seen).toEqual(["https://site.example/a"]);
  });

  test("is told of the last change, where the instance has seen one", async () => {
    const configStore = storeOf("1", "10");
    const { epoch } = await readRollout(configStore);
    const changes = new Map([[epoch, { from: "ab12cd", ago: 5 }]]);
    const about = vi.fn<(epoch: string) => { from: string; ago: number } | null>(
      (asked) => changes.get(asked) ?? null,
    );
    const { ask } = probedGateway({ about }, { configStore });
    expect(answerOf(await ask(tokenOf()))).toMatchObject({ epoch, from: "ab12cd", ago: 5 });
    changes.clear();
    const answer = await ask(tokenOf());
    expect(answerOf(answer)).toMatchObject({ from: null, ago: null });
    expect(answer.headers.get(PROBE_HEADER)).not.toMatch(/from|ago|null|undefined/);
  });

  test("is counted, once for each answer", async () => {
    const onProbe = vi.fn<() => void>();
    const { send, ask } = probedGateway({ onProbe });
    await ask(tokenOf());
    await ask(tokenOf());
    await ask(tokenOf({ by: OLD }));
    await send();
    expect(onProbe).toHaveBeenCalledTimes(2);
  });
});

describe("a request is served like any other", () => {
  test.each([
    { what: "without a token", token: "" },
    { what: "with a token of another secret", token: tokenOf({ by: OLD }) },
    { what: "with a token of another purpose", token: tokenOf({ purpose: "edgezero-force" }) },
    { what: "with an expired token", token: tokenOf({ expires: 1_000_000_000 }) },
    { what: "with a token for another bucket", token: tokenOf().replace(".7.", ".8.") },
  ])("$what", async ({ token }) => {
    const { ask } = probedGateway();
    const response = await ask(token);
    expect([response.status, await response.text()]).toEqual([200, "from edgezero"]);
    expect(response.headers.get(PROBE_HEADER)).toBeNull();
  });

  test("without a wait where it brings no token", () => {
    const find = vi.fn<() => string>(() => SECRET);
    const probe = createProbe<Request>({ secrets: [find] });
    const rollout = { read: broken, decide: broken } as never;
    for (const headers of [{}, { [PROBE_HEADER]: "x" }, { [PROBE_HEADER]: `${tokenOf()}x` }]) {
      const request = new Request("https://site.example/", { headers });
      expect(probe.answer(request, null, rollout)).toBeNull();
    }
    expect(find).not.toHaveBeenCalled();
  });

  test.each([
    { what: "how much is open", probe: { open: broken as () => never } },
    { what: "where it is", probe: { place: broken as () => never } },
    { what: "the count", probe: { onProbe: broken as () => never } },
  ])("where a function of the gateway throws: $what", async ({ probe }) => {
    const { ask } = probedGateway(probe);
    expect(await (await ask(tokenOf())).text()).toBe("from edgezero");
  });

  test.each([
    { what: "throws", answer: broken },
    { what: "rejects", answer: rejects(new Error("broken")) },
    { what: "gives null", answer: () => null },
    { what: "gives null later", answer: async () => null },
  ])("where the answer to a probe $what", async ({ answer }) => {
    const probe = { answer: answer as () => null };
    const { send } = probedGateway({}, { probe });
    const unhandled = await unhandledRejectionsOf(async () => {
      expect(await (await send()).text()).toBe("from edgezero");
    });
    expect(unhandled).toEqual([]);
  });
});

test("no event is made of a probe, and one of a token that does not count", async () => {
  const events: unknown[] = [];
  const attribution = createAttribution({
    service: "site",
    runtime: "node",
    sinks: [(event) => void events.push(event)],
  });
  const { ask } = probedGateway({}, { attribution });
  await ask(tokenOf());
  expect(events).toEqual([]);
  await ask(tokenOf({ by: OLD }));
  expect(events).toHaveLength(1);
});

test("a store that fails is what a probe tells of", async () => {
  const { ask } = probedGateway({}, { configStore: storeThat(broken, broken) });
  expect(answerOf(await ask(tokenOf({ bucket: 0 })))).toMatchObject({
    path: "legacy",
    reason: "flag-unreadable",
    pct: 0,
  });
});

describe("the secrets", () => {
  test("any of them may have signed", async () => {
    expect(await statusWith([OLD, SECRET])).toBe(204);
    expect(await statusWith([SECRET, OLD])).toBe(204);
    expect(await statusWith([() => OLD, async () => SECRET])).toBe(204);
    expect(await statusWith([OLD])).toBe(200);
    expect(await statusWith([])).toBe(200);
    expect(await statusWith([() => null, () => undefined, async () => null])).toBe(200);
  });

  test.each([
    { what: "throws", first: broken },
    { what: "rejects", first: rejects(new Error(SECRET)) },
    { what: "is too short", first: () => "hunter2" },
    { what: "is no text", first: () => 5 },
  ])("one that $what leaves the other, is warned of once, and never told", async ({ first }) => {
    const logger = recordingLogger();
    const { ask } = probedGateway({ secrets: [first as () => string, SECRET], logger });
    expect([(await ask(tokenOf())).status, (await ask(tokenOf())).status]).toEqual([204, 204]);
    expect(messages(logger, "warn")).toEqual([
      expect.stringMatching(
        /^signed probes are off: the probe secret (?:cannot be read|has 7 characters: it must have at least 32)$/,
      ),
    ]);
    expect(JSON.stringify(logger.lines)).not.toMatch(/a probe secret of|hunter2/);
  });

  test("one that never comes is waited for a second", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const logger = recordingLogger();
    const { ask } = probedGateway({ secrets: [neverAnswers as () => never], logger });
    const response = ask(tokenOf());
    await vi.advanceTimersByTimeAsync(1000);
    expect((await response).status).toBe(200);
    expect(messages(logger, "warn")).toEqual([
      "signed probes are off: the probe secret cannot be read",
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each(["", "hunter2", "x".repeat(31)])("a short text is refused at once: %j", (given) => {
    const message = `the probe secret has ${given.length} characters: it must have at least 32`;
    expect(() => createProbe({ secrets: [SECRET, given] })).toThrow(new RangeError(message));
  });

  test("that cannot be had, with a logger that fails too, change nothing", async () => {
    const logger = loggerThat(rejects(new Error("broken")));
    const unhandled = await unhandledRejectionsOf(async () => {
      const { ask } = probedGateway({ secrets: [broken as () => never], logger });
      expect((await ask(tokenOf())).status).toBe(200);
    });
    expect(unhandled).toEqual([]);
  });
});
