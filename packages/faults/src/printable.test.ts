import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { printable, printableJson, printableText } from "./printable.ts";

/** Characters that steer a terminal or hide text. */
const STEERING = /[\p{Cc}\p{Cf}\u2028\u2029]/u;
const COLOUR_OR_LINE = new RegExp(`\n|${String.fromCharCode(27)}\\[[\\d;]*m`, "g");
const RED = "\u001b[31m";

describe("printable", () => {
  test.each([
    { name: "plain text", text: "ann@host 日本語 🙂", shown: "ann@host 日本語 🙂" },
    { name: "a colour", text: `${RED}red`, shown: "\\u001b[31mred" },
    { name: "a line break", text: "a\nb\r", shown: "a\\u000ab\\u000d" },
    { name: "a turn of the writing direction", text: "a\u202eb", shown: "a\\u202eb" },
    { name: "a line separator", text: "a\u2028b", shown: "a\\u2028b" },
    { name: "an invisible tag", text: "a\u{e0041}", shown: "a\\u{e0041}" },
  ])("$name", ({ text, shown }) => {
    expect(printable(text)).toBe(shown);
  });

  test("leaves nothing that steers", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(printable(text)).not.toMatch(STEERING);
      }),
      { numRuns: 500 },
    );
  });
});

describe("printableText", () => {
  test.each([
    { name: "keeps lines and colours", text: `${RED}a\nb`, shown: `${RED}a\nb` },
    { name: "shows other sequences", text: "\u001b[2Ja\r\n", shown: "\\u001b[2Ja\\u000d\n" },
    { name: "shows a title", text: "\u001b]0;x\u0007", shown: "\\u001b]0;x\\u0007" },
  ])("$name", ({ text, shown }) => {
    expect(printableText(text)).toBe(shown);
  });

  test("leaves nothing that steers but lines and colours", () => {
    const texts = fc.string({
      unit: fc.constantFrom("a", "\n", "\u001b", "[", "3", "m", "\u0085"),
    });
    fc.assert(
      fc.property(texts, (text) => {
        const rest = printableText(text).replaceAll(COLOUR_OR_LINE, "");
        expect(rest).not.toMatch(STEERING);
      }),
      { numRuns: 500 },
    );
  });
});

test("printableJson keeps the meaning of any JSON, and leaves nothing that steers", () => {
  const steering = fc.constantFrom("\u007f", "\u009b", "\u202e", "\u2028", "\u{e0041}", "a", '"');
  fc.assert(
    fc.property(fc.string({ unit: steering }), fc.json(), (text, json) => {
      for (const each of [JSON.stringify({ [text]: text }), JSON.stringify(JSON.parse(json))]) {
        expect(JSON.parse(printableJson(each))).toEqual(JSON.parse(each));
        expect(printableJson(each)).not.toMatch(STEERING);
      }
    }),
    { numRuns: 500 },
  );
});
