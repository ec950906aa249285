import { describe, expect, test, vi } from "vitest";
import { pathOf, SECRET, tokenFor } from "../../test/forced-gateway.ts";
import { cannotBeOpened, storeOf, storeThat, throws } from "../../test/scripted-store.ts";
import { createForce } from "./create-force.ts";
import { mintForceToken } from "./token.ts";

const broken = throws(new Error("broken"));

const toEdgezero = await tokenFor("edgezero");
const toLegacy = await tokenFor("legacy");
const bad = toEdgezero.replace("edgezero", "legacy");

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
      secret: `${SECRET}!`,
      path: "legacy",
      lifetimeMs: 60_000,
    });
    expect(await pathOf({ "x-edgezero-force": other })).toBe("edgezero");
    expect(await pathOf({ "x-edgezero-force": toLegacy }, { secret: `${SECRET}!` })).toBe(
      "edgezero",
    );
  });

  test("once its token has expired, however often it is sent", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      const headers = {
        "x-edgezero-force": await mintForceToken({
          secret: SECRET,
          path: "legacy",
          lifetimeMs: 60_000,
        }),
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

test("a request without a token is decided without a wait", () => {
  const { override, link } = createForce<Request>({ secret: SECRET });
  const request = new Request("https://site.example/", { headers: { cookie: "a=b" } });
  const state = { enabled: true, rolloutPct: 10, reason: "bucket", epoch: "ab12cd" } as const;
  expect(override(request, state)).toBeNull();
  expect(link(request)).toBeNull();
});
