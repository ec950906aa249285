import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { naiveFnv1a32 } from "../test/naive-reference.ts";
import { PROPERTY_TEST } from "../test/property-test.ts";
import addresses from "../vectors/addresses.json" with { type: "json" };
import { decide } from "./decide.ts";
import type { RolloutReason } from "./reasons.ts";
import type { RolloutState } from "./rollout-state.ts";

const at = (rolloutPct: number, reason: RolloutReason = "bucket"): RolloutState => ({
  enabled: true,
  rolloutPct,
  reason,
  epoch: "ab12cd",
});

describe("decide", () => {
  test.each([
    { enabled: false, rolloutPct: 0, reason: "store-unavailable", path: "legacy" },
    { enabled: false, rolloutPct: 0, reason: "flag-unreadable", path: "legacy" },
    { enabled: false, rolloutPct: 0, reason: "disabled", path: "legacy" },
    { enabled: true, rolloutPct: 0, reason: "pct-unreadable", path: "legacy" },
    { enabled: true, rolloutPct: 0, reason: "pct-absent", path: "legacy" },
    { enabled: true, rolloutPct: 0, reason: "pct-invalid", path: "legacy" },
    { enabled: true, rolloutPct: 0, reason: "rollback", path: "legacy" },
    { enabled: true, rolloutPct: 100, reason: "cutover", path: "edgezero" },
    { enabled: false, rolloutPct: 0, reason: "stale-disabled", path: "legacy" },
    { enabled: true, rolloutPct: 0, reason: "stale-rollback", path: "legacy" },
    { enabled: true, rolloutPct: 100, reason: "stale-cutover", path: "edgezero" },
  ] as const)("$reason: every client goes to $path, and none is hashed", ({ path, ...read }) => {
    const decision = { path, reason: read.reason, rolloutPct: read.rolloutPct };
    const state = { ...read, epoch: "ab12cd" };
    for (const clientIp of [
      "1.2.3.4",
      "2001:db8::1",
      "10.20.30.221",
      "",
      "unknown",
      null,
      undefined,
    ]) {
      expect(decide(state, clientIp)).toStrictEqual(decision);
    }
  });

  test.each([
    { clientIp: "1.2.3.4", pct: 85, path: "legacy", bucket: 85 },
    { clientIp: "1.2.3.4", pct: 86, path: "edgezero", bucket: 85 },
    { clientIp: "10.20.30.221", pct: 1, path: "edgezero", bucket: 0 },
    { clientIp: "::1", pct: 92, path: "legacy", bucket: 92 },
    { clientIp: "::1", pct: 93, path: "edgezero", bucket: 92 },
    { clientIp: "", pct: 61, path: "legacy", bucket: 61 },
    { clientIp: "", pct: 62, path: "edgezero", bucket: 61 },
    { clientIp: null, pct: 61, path: "legacy", bucket: 61 },
    { clientIp: undefined, pct: 62, path: "edgezero", bucket: 61 },
    { clientIp: "unknown", pct: 62, path: "edgezero", bucket: 61 },
    { clientIp: "1.2.3.4:80", pct: 61, path: "legacy", bucket: 61 },
  ])("$clientIp at $pct %: $path, bucket $bucket", ({ clientIp, pct, path, bucket }) => {
    for (const reason of ["bucket", "stale-bucket"] as const) {
      const decision = { path, reason, rolloutPct: pct, bucket };
      expect(decide(at(pct, reason), clientIp)).toStrictEqual(decision);
    }
  });

  test(`puts each of ${addresses.length} addresses in the bucket where Rust puts it`, () => {
    expect(addresses.map(({ text }) => decide(at(50), text).bucket)).toEqual(
      addresses.map(({ bucket }) => bucket),
    );
  });

  test("any text that is not an address counts as no address", PROPERTY_TEST, () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 99 }), (text, pct) => {
        expect(decide(at(pct), `${text}!`)).toStrictEqual(decide(at(pct), null));
      }),
      { numRuns: 100 },
    );
  });

  test("any IPv4 address is in the bucket of its text", PROPERTY_TEST, () => {
    fc.assert(
      fc.property(fc.ipV4(), (ip) => {
        expect(decide(at(50), ip).bucket).toBe(naiveFnv1a32(ip) % 100);
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    ["2001:db8::1", "2001:DB8::1", "2001:0db8:0:0:0:0:0:1", "2001:db8:0::0.0.0.1"],
    ["203.0.113.7", "::ffff:203.0.113.7", "::FFFF:CB00:7107", "0:0:0:0:0:ffff:203.0.113.7"],
    ["::", "0::0", "0:0:0:0:0:0:0:0", "::0.0.0.0"],
  ])("every spelling of %s is one client at every percentage", (...spellings) => {
    for (let pct = 1; pct <= 99; pct++) {
      const decisions = spellings.map((spelling) => decide(at(pct), spelling));
      expect(decisions).toStrictEqual(decisions.map(() => decisions[0]));
    }
  });

  test("is pure: it answers the same again, and changes no state", () => {
    const state = Object.freeze(at(50));
    const ips = ["1.2.3.4", "10.20.30.221", "::1", "", null];
    const decideAll = () => ips.map((ip) => decide(state, ip));
    const decisions = decideAll();
    expect(decideAll()).toStrictEqual(decisions);
    expect(ips.toReversed().map((ip) => decide(state, ip))).toStrictEqual(decisions.toReversed());
    expect(state).toStrictEqual(at(50));
  });

  test.each([NaN, -1, -0, -100, 0.5, 1.5, 99.9, 100.5, 101, 150, 200, 65_536, Infinity, -Infinity])(
    "a state at %d %, made by hand, sends every client to legacy at 0 %",
    (rolloutPct) => {
      const decision = { path: "legacy", reason: "bucket", rolloutPct: 0 };
      expect(decide(at(rolloutPct), "10.20.30.221")).toStrictEqual(decision);
    },
  );

  test.each([1, 50, 100])(
    "a state at %d % that is not enabled sends every client to legacy",
    (pct) => {
      const state: RolloutState = { ...at(pct, "disabled"), enabled: false };
      const decision = { path: "legacy", reason: "disabled", rolloutPct: 0 };
      expect(decide(state, "10.20.30.221")).toStrictEqual(decision);
    },
  );
});
