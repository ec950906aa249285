import { describe, expect, test, vi } from "vitest";
import { attributedGateway } from "../../test/attributed-gateway.ts";
import { loggerThat, messages, recordingLogger } from "../../test/recording-logger.ts";
import {
  answers,
  cannotBeOpened,
  neverAnswers,
  rejects,
  storeOf,
  storeThat,
  throws,
} from "../../test/scripted-store.ts";
import { unhandledRejectionsOf } from "../../test/unhandled-rejections.ts";
import type { ForceOptions } from "./create-force.ts";
import { createForce } from "./create-force.ts";
import { mintForceToken } from "./token.ts";

const secret = "a secret of 32 characters, no less";
const error = new Error(`the secret is ${secret}`);
const broken = throws(error);

const toEdgezero = await mintForceToken({ secret, path: "edgezero", lifetimeMs: 3_600_000 });
const toLegacy = await mintForceToken({ secret, path: "legacy", lifetimeMs: 3_600_000 });
const bad = toEdgezero.replace("edgezero", "legacy");

/** Where a request with these headers is served, at 100 % unless told otherwise. */
async function pathOf(
  headers: Record<string, string>,
  {
    configStore = storeOf("1", "100"),
    ...options
  }: Partial<ForceOptions & { configStore: ReturnType<typeof storeOf> }> = {},
) {
  const force = createForce<Request>({ secret, ...options });
  const { events, send } = attributedGateway({ override: force.override }, { configStore });
  const response = await send(new Request("https://site.example/", { headers }));
  const path = response.headers.get("x-edgezero-path");
  expect(await response.text()).toBe(`from ${path}`);
  expect(events).toMatchObject([{ path, status: 200 }]);
  const isForced = events[0]?.reason === "forced";
  expect(events[0]?.excluded).toBe(isForced ? "forced" : null);
  return isForced ? `forced to ${path}` : path;
}

describe("a request is forced", () => {
  test.each([
    { to: "forced to legacy", headers: { "x-edgezero-force": toLegacy } },
    { to: "forced to edgezero", headers: { "X-EdgeZero-Force": toEdgezero } },
    { to: "forced to legacy", headers: { cookie: `edgezero_force=${toLegacy}` } },
    { to: "forced to legacy", headers: { cookie: `a=b; edgezero_force=${toLegacy}; c=d` } },
    { to: "forced to legacy", headers: { cookie: `a=b;edgezero_force=${toLegacy};c=d` } },
    {
      to: "forced to legacy",
      headers: { "x-edgezero-force": toLegacy, cookie: `edgezero_force=${toEdgezero}` },
    },
    {
      to: "forced to edgezero",
      headers: { "x-edgezero-force": toEdgezero, cookie: `edgezero_force=${toLegacy}` },
    },
    {
      to: "forced to legacy",
      headers: { "x-edgezero-force": bad, cookie: `edgezero_force=${toLegacy}` },
    },
    {
      to: "forced to legacy",
      headers: { cookie: `edgezero_force=${toLegacy}; edgezero_force=${toEdgezero}` },
    },
  ])("$to by $headers", async ({ to, headers }) => {
    expect(await pathOf(headers)).toBe(to);
  });

  test("whatever the percentage", async () => {
    for (const pct of ["0", "1", "50", "99", "100", null, "x"]) {
      const configStore = storeOf("1", pct);
      for (const [token, to] of [
        [toLegacy, "forced to legacy"],
        [toEdgezero, "forced to edgezero"],
      ] as const) {
        expect(await pathOf({ "x-edgezero-force": token }, { configStore })).toBe(to);
      }
    }
  });
});

describe("a request is routed as ever", () => {
  test.each([
    {},
    { "x-edgezero-force": "" },
    { "x-edgezero-force": "legacy" },
    { "x-edgezero-force": bad },
    { "x-edgezero-force": `${toLegacy}, ${toLegacy}` },
    { "x-edgezero-force": `${toLegacy} x` },
    { "x-edgezero-path": toLegacy },
    { cookie: `edgezero_force=${bad}` },
    { cookie: `edgezero_force="${toLegacy}"` },
    { cookie: `xedgezero_force=${toLegacy}` },
    { cookie: `EDGEZERO_FORCE=${toLegacy}` },
    { cookie: `a=edgezero_force=${toLegacy}` },
    { cookie: `edgezero_force=${bad}; edgezero_force=${toLegacy}` },
    { cookie: "edgezero_force=" },
    { cookie: "edgezero_force" },
    { cookie: "; ".repeat(5000) },
    { "x-edgezero-force": "x".repeat(10_000) },
  ] as Record<string, string>[])("with %j", async (headers) => {
    expect(await pathOf(headers)).toBe("edgezero");
  });

  test("with the token of a gateway that has another secret", async () => {
    const other = await mintForceToken({
      secret: `${secret}!`,
      path: "legacy",
      lifetimeMs: 60_000,
    });
    expect(await pathOf({ "x-edgezero-force": other })).toBe("edgezero");
    expect(await pathOf({ "x-edgezero-force": toLegacy }, { secret: `${secret}!` })).toBe(
      "edgezero",
    );
  });

  test("once its token has expired, however often it is sent", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      const headers = {
        "x-edgezero-force": await mintForceToken({ secret, path: "legacy", lifetimeMs: 60_000 }),
      };
      vi.setSystemTime(Math.floor(Date.now() / 1000) * 1000 + 59_000);
      expect(await pathOf(headers)).toBe("forced to legacy");
      vi.setSystemTime(Date.now() + 2000);
      expect([await pathOf(headers), await pathOf(headers)]).toEqual(["edgezero", "edgezero"]);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("while the rollout is not enabled", () => {
  test.each([
    { state: "disabled", configStore: storeOf("0", "100") },
    { state: "disabled, absent", configStore: storeOf(null, null) },
    { state: "store-unavailable", configStore: storeThat(cannotBeOpened, cannotBeOpened) },
    { state: "flag-unreadable", configStore: storeThat(broken, broken) },
  ])("EdgeZero is forced only where that is allowed: $state", async ({ configStore }) => {
    const headers = { "x-edgezero-force": toEdgezero };
    expect(await pathOf(headers, { configStore })).toBe("legacy");
    const notAllowed = { configStore, allowWhenDisabled: false };
    expect(await pathOf(headers, notAllowed)).toBe("legacy");
    const allowed = { configStore, allowWhenDisabled: true };
    expect(await pathOf(headers, allowed)).toBe("forced to edgezero");
    expect(await pathOf({ "x-edgezero-force": toLegacy }, { configStore })).toBe(
      "forced to legacy",
    );
    const both = { "x-edgezero-force": toEdgezero, cookie: `edgezero_force=${toLegacy}` };
    expect(await pathOf(both, { configStore })).toBe("forced to legacy");
  });
});

const short = (length: number) =>
  `forced paths are off: the force secret has ${length} characters: it must have at least 32`;

describe("the secret", () => {
  const headers = { "x-edgezero-force": toLegacy };

  test.each([
    { as: "a text", given: secret },
    { as: "a function", given: () => secret },
    { as: "an async function", given: async () => secret },
  ])("may be $as", async ({ given }) => {
    expect(await pathOf(headers, { secret: given })).toBe("forced to legacy");
  });

  test.each([
    { what: "null", given: answers(null) },
    { what: "undefined", given: answers(undefined) },
    { what: "null later", given: async () => null },
  ])(
    "that is not there means that no token counts, and nothing is said: $what",
    async ({ given }) => {
      const logger = recordingLogger();
      const options = { secret: given as () => null, logger };
      expect(await pathOf(headers, options)).toBe("edgezero");
      expect(logger.lines).toEqual([]);
    },
  );

  const unreadable = "forced paths are off: the force secret cannot be read";
  test.each([
    { what: "throws", given: broken, warning: unreadable },
    { what: "rejects", given: rejects(error), warning: unreadable },
    { what: "throws a RangeError", given: throws(new RangeError(secret)), warning: unreadable },
    { what: "rejects with its text", given: rejects(secret), warning: unreadable },
    { what: "is a number", given: answers(5), warning: unreadable },
    { what: "is too short", given: answers("hunter2"), warning: short(7) },
    { what: "is too short by one", given: async () => "x".repeat(31), warning: short(31) },
    { what: "is empty", given: answers(""), warning: short(0) },
  ])("that $what is warned of once, and never told", async ({ given, warning }) => {
    const logger = recordingLogger();
    const { override } = createForce<Request>({ secret: given as () => string, logger });
    const request = new Request("https://site.example/", { headers });
    const state = { enabled: true, rolloutPct: 10, reason: "bucket", epoch: "ab12cd" } as const;
    const unhandled = await unhandledRejectionsOf(async () => {
      expect([await override(request, state), await override(request, state)]).toEqual([
        null,
        null,
      ]);
    });
    expect(unhandled).toEqual([]);
    expect(logger.lines).toEqual([{ level: "warn", message: warning, fields: undefined }]);
    expect(JSON.stringify(logger.lines)).not.toMatch(/a secret of|hunter2|xxx/);
  });

  test("that never comes is waited for a second", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    try {
      const logger = recordingLogger();
      const path = pathOf(headers, { secret: neverAnswers as () => never, logger });
      await vi.advanceTimersByTimeAsync(1000);
      expect(await path).toBe("edgezero");
      expect(messages(logger, "warn")).toEqual([unreadable]);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test("is asked for only by a token that is well-formed and not expired", async () => {
    const find = vi.fn<() => string>(() => secret);
    const expired = toLegacy.replace(/\d{10}/, "1000000000");
    for (const text of [undefined, "", "legacy", `${toLegacy}x`, expired]) {
      await pathOf(text === undefined ? {} : { "x-edgezero-force": text }, { secret: find });
    }
    expect(find).not.toHaveBeenCalled();
    await pathOf(headers, { secret: find });
    expect(find).toHaveBeenCalledOnce();
  });

  test("may change, and holds from the next request", async () => {
    let now = secret;
    const { override } = createForce<Request>({ secret: () => now });
    const request = new Request("https://site.example/", { headers });
    const state = { enabled: true, rolloutPct: 10, reason: "bucket", epoch: "ab12cd" } as const;
    expect(await override(request, state)).toBe("legacy");
    now = `${secret}, another`;
    expect(await override(request, state)).toBeNull();
    now = secret;
    expect(await override(request, state)).toBe("legacy");
  });

  test.each(["", "hunter2", "x".repeat(31)])(
    "is refused at once where it is short: %j",
    (given) => {
      const message = `the force secret has ${given.length} characters: it must have at least 32`;
      expect(() => createForce({ secret: given })).toThrow(new RangeError(message));
    },
  );

  test("that cannot be had, with a logger that fails too, changes nothing", async () => {
    const logger = loggerThat(rejects(error));
    const unhandled = await unhandledRejectionsOf(async () => {
      expect(await pathOf(headers, { secret: broken as () => never, logger })).toBe("edgezero");
      expect(await pathOf(headers, { secret: broken as () => never })).toBe("edgezero");
    });
    expect(unhandled).toEqual([]);
  });
});

test("a request without a token is decided without a wait", () => {
  const { override, link } = createForce<Request>({ secret });
  const request = new Request("https://site.example/", { headers: { cookie: "a=b" } });
  const state = { enabled: true, rolloutPct: 10, reason: "bucket", epoch: "ab12cd" } as const;
  expect(override(request, state)).toBeNull();
  expect(link(request)).toBeNull();
});
