import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PROPERTY_TEST } from "../test/property-test.ts";
import type { Decision } from "./decide.ts";
import { formatDecision, parseDecision } from "./decision-header.ts";
import type { RolloutReason } from "./reasons.ts";
import { REASONS } from "./reasons.ts";

const nothing = { reason: null, pct: null, bucket: null, epoch: null };

test("whatever is formatted is parsed to the same", PROPERTY_TEST, () => {
  const reasons = Object.keys(REASONS) as RolloutReason[];
  const decision: fc.Arbitrary<Decision> = fc.record(
    {
      path: fc.constantFrom("legacy", "edgezero"),
      reason: fc.constantFrom(...reasons),
      rolloutPct: fc.integer({ min: 0, max: 100 }),
      bucket: fc.integer({ min: 0, max: 99 }),
    },
    { requiredKeys: ["path", "reason", "rolloutPct"] },
  );
  const epoch = fc.nat(0xffffffff).map((hash) => hash.toString(16));
  fc.assert(
    fc.property(decision, epoch, (made, named) => {
      const { reason, rolloutPct, bucket = null } = made;
      const expected = { reason, pct: rolloutPct, bucket, epoch: named };
      expect(parseDecision(formatDecision(made, named))).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test("any text has an answer", PROPERTY_TEST, () => {
  const part = fc.constantFrom("reason", "pct", "bucket", "epoch", "=", ";", " ", "7", "__proto__");
  const text = fc.oneof(
    fc.string(),
    fc.array(part).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, (header) => {
      const { reason, pct, bucket, epoch } = parseDecision(header) ?? nothing;
      expect(reason ?? "a").toMatch(/^[a-z-]{1,40}$/);
      expect(epoch ?? "0").toMatch(/^[\da-f]{1,64}$/);
      for (const [number, most] of [
        [pct ?? 0, 100],
        [bucket ?? 0, 99],
      ] as const) {
        expect(Number.isInteger(number) && number >= 0 && number <= most).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});

describe("a decision is parsed", () => {
  test.each([
    { header: null, parsed: null },
    { header: undefined, parsed: null },
    { header: "", parsed: null },
    { header: "pct=10; bucket=7", parsed: null },
    { header: "reason=; epoch=", parsed: null },
    { header: "reason=bucket", parsed: { ...nothing, reason: "bucket" } },
    { header: "epoch=ab", parsed: { ...nothing, epoch: "ab" } },
    { header: "epoch = ab ;reason= forced", parsed: { ...nothing, reason: "forced", epoch: "ab" } },
    { header: "reason=to-come; more=1", parsed: { ...nothing, reason: "to-come" } },
    { header: "reason=Bucket; epoch=xyz; pct=x", parsed: nothing },
    { header: "reason=a; pct=101; bucket=100", parsed: { ...nothing, reason: "a" } },
    { header: "reason=a; pct=-1; bucket=1.5", parsed: { ...nothing, reason: "a" } },
    {
      header: "reason=a; pct=100; bucket=99",
      parsed: { ...nothing, reason: "a", pct: 100, bucket: 99 },
    },
    { header: "reason=a=b; pct=007", parsed: { ...nothing, reason: "a", pct: 7 } },
    { header: "reason=a; reason=b", parsed: { ...nothing, reason: "b" } },
  ])("$header", ({ header, parsed }) => {
    expect(parseDecision(header)).toEqual(parsed);
  });
});
