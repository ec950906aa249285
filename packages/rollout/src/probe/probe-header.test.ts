import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PROPERTY_TEST } from "../../test/property-test.ts";
import { REASONS } from "../reasons.ts";
import type { ProbeAnswer } from "./probe-header.ts";
import { formatProbe, parseProbe } from "./probe-header.ts";

const ANSWER: ProbeAnswer = {
  path: "legacy",
  reason: "rollback",
  pct: 0,
  bucket: 7,
  epoch: "ab12cd",
  instance: "0123456789abcdef",
  open: null,
  place: null,
  from: null,
  ago: null,
  worker: null,
};
const TEXT =
  "path=legacy; reason=rollback; pct=0; bucket=7; epoch=ab12cd; instance=0123456789abcdef";

test("whatever is formatted is parsed to the same", PROPERTY_TEST, () => {
  const answer: fc.Arbitrary<ProbeAnswer> = fc.record({
    path: fc.constantFrom("legacy", "edgezero"),
    reason: fc.constantFrom(...Object.keys(REASONS)),
    pct: fc.integer({ min: 0, max: 100 }),
    bucket: fc.integer({ min: 0, max: 99 }),
    epoch: fc.nat(0xffffffff).map((hash) => hash.toString(16)),
    instance: fc.stringMatching(/^[\da-f]{16}$/),
    open: fc.option(fc.nat(999_999_999)),
    place: fc.option(fc.stringMatching(/^[\w-]{1,40}$/)),
    from: fc.option(fc.nat(0xffffffff).map((hash) => hash.toString(16))),
    ago: fc.option(fc.nat(999_999_999)),
    worker: fc.option(fc.stringMatching(/^[\da-f]{16}-\d{1,3}-\d{1,3}$/)),
  });
  fc.assert(
    fc.property(answer, (made) => {
      expect(parseProbe(formatProbe(made))).toEqual(made);
    }),
    { numRuns: 1000 },
  );
});

test("a place cannot add parts or break the header", PROPERTY_TEST, () => {
  fc.assert(
    fc.property(fc.string(), (place) => {
      const text = formatProbe({ ...ANSWER, place });
      expect(text).toMatch(/^[\w=; -]+$/);
      expect({ ...parseProbe(text), place: null }).toEqual(ANSWER);
    }),
    { numRuns: 500 },
  );
  expect(formatProbe({ ...ANSWER, place: "FRA; path=edgezero" })).toBe(TEXT);
});

test("any text has an answer, whose parts are valid", PROPERTY_TEST, () => {
  const part = fc.constantFrom(...TEXT.split(/(?<=[;=])|(?=[;=])/), "open", "place", "__proto__");
  const text = fc.oneof(
    fc.string(),
    fc.array(part).map((parts) => parts.join("")),
    fc.array(part).map((parts) => `${TEXT};${parts.join("")}`),
  );
  fc.assert(
    fc.property(text, (header) => {
      const answer = parseProbe(header);
      expect(answer && parseProbe(formatProbe(answer))).toEqual(answer);
    }),
    { numRuns: 1000 },
  );
});

describe("an answer is parsed", () => {
  const without = (part: RegExp) => TEXT.replace(part, "");

  test.each([
    { header: null, parsed: null },
    { header: undefined, parsed: null },
    { header: "", parsed: null },
    { header: TEXT, parsed: ANSWER },
    { header: `${TEXT}; open=3; place=FRA`, parsed: { ...ANSWER, open: 3, place: "FRA" } },
    { header: `${TEXT}; from=ab; ago=12`, parsed: { ...ANSWER, from: "ab", ago: 12 } },
    { header: `${TEXT}; from=xy; ago=-1`, parsed: ANSWER },
    { header: `${TEXT}; open=-1; place=a b`, parsed: ANSWER },
    { header: `${TEXT}; open=1234567890`, parsed: ANSWER },
    { header: `${TEXT}; worker=ab-1-2`, parsed: { ...ANSWER, worker: "ab-1-2" } },
    { header: `${TEXT}; worker=1 of 2`, parsed: ANSWER },
    { header: `later=1; ${TEXT}`, parsed: ANSWER },
    { header: `${TEXT}; path=edgezero`, parsed: { ...ANSWER, path: "edgezero" } },
    { header: TEXT.replace("rollback", "to-come"), parsed: { ...ANSWER, reason: "to-come" } },
    { header: TEXT.replace("legacy", "both"), parsed: null },
    { header: TEXT.replace("pct=0", "pct=101"), parsed: null },
    { header: TEXT.replace("bucket=7", "bucket=100"), parsed: null },
    { header: TEXT.replace("cdef", "cdeg"), parsed: null },
    { header: TEXT.replace("cdef", "cde"), parsed: null },
    { header: TEXT.replace("ab12cd", "xyz"), parsed: null },
    { header: without(/path=\w+; /), parsed: null },
    { header: without(/reason=\w+; /), parsed: null },
    { header: without(/pct=\w+; /), parsed: null },
    { header: without(/bucket=\w+; /), parsed: null },
    { header: without(/epoch=\w+; /), parsed: null },
    { header: without(/; instance=\w+/), parsed: null },
  ])("$header", ({ header, parsed }) => {
    expect(parseProbe(header)).toEqual(parsed);
  });
});
