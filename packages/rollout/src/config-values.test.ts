import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { naiveFlag, naivePct, WHITE_SPACE } from "../test/naive-reference.ts";
import { PROPERTY_TEST } from "../test/property-test.ts";
import reference from "../vectors/reference.json" with { type: "json" };
import { parseEdgezeroFlag, parseRolloutPct } from "./config-values.ts";

const MEGABYTE = 1_000_000;

/** Text made of the pieces that matter to the two parsers, and of others. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(...WHITE_SPACE, "\ufeff", "\u200b", "\u180e", "\0"),
      fc.constantFrom("+", "-", "0", "1", "10", "100", "101", "65535", "65536", ".", "%", "e", "٣"),
      fc.constantFrom("true", "TRUE", "tRuE", "t", "rue", "false", "ſ", "İ"),
      fc.nat(200).map(String),
      fc.string({ unit: "binary", maxLength: 3 }),
    ),
    { maxLength: 6 },
  )
  .map((pieces) => pieces.join(""));

/** What a JavaScript user, whom no compiler stops, may pass. */
const NOT_TEXT = [undefined, null, 1, 0, 50, true, {}, [], ["1"], Object("1"), 1n, Symbol("1")].map(
  (value: unknown) => ({ value: value as string | null }),
);

/** Vectors with a name that shows the spaces in their values. */
const named = <Vector extends { readonly value: string }>(vectors: readonly Vector[]) =>
  vectors.map((vector) => ({ ...vector, name: JSON.stringify(vector.value) }));

describe("parseRolloutPct", () => {
  test.each(named(reference.pct))("$name gives $pct", ({ value, pct }) => {
    expect(parseRolloutPct(value)).toBe(pct);
  });

  test("each whole number from 0 to 100, and no other, is a percentage", () => {
    const accepted = Array.from({ length: 70_000 }, (_, n) => n).filter(
      (n) => parseRolloutPct(String(n)) === n,
    );
    expect(accepted).toEqual(Array.from({ length: 101 }, (_, n) => n));
  });

  test("any text reads as Rust's trim and u16::from_str read it", PROPERTY_TEST, () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(parseRolloutPct(value)).toBe(naivePct(value));
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    { name: "spaces around", value: `${" ".repeat(MEGABYTE)}42${" ".repeat(MEGABYTE)}`, pct: 42 },
    { name: "spaces only", value: " ".repeat(MEGABYTE), pct: null },
    { name: "spaces, then a letter", value: `7${" ".repeat(MEGABYTE)}x`, pct: null },
    { name: "zeros before", value: `${"0".repeat(MEGABYTE)}42`, pct: 42 },
    { name: "zeros only", value: "0".repeat(MEGABYTE), pct: 0 },
    { name: "zeros, then a letter", value: `${"0".repeat(MEGABYTE)}x`, pct: null },
    { name: "zeros, spaces, a letter", value: `${"0 ".repeat(MEGABYTE)}x`, pct: null },
    { name: "nines", value: "9".repeat(MEGABYTE), pct: null },
  ])("a megabyte of $name is read in linear time", ({ value, pct }) => {
    expect(parseRolloutPct(value)).toBe(pct);
  });

  test.each(NOT_TEXT)("$value, which is no text, is never a percentage", ({ value }) => {
    expect(parseRolloutPct(value)).toBeNull();
  });
});

describe("parseEdgezeroFlag", () => {
  test.each(named(reference.flag))("$name gives $enabled", ({ value, enabled }) => {
    expect(parseEdgezeroFlag(value)).toBe(enabled);
  });

  test.each([
    "tru",
    "truee",
    "true true",
    "11",
    "+1",
    "1.0",
    "on",
    "yes",
    "enabled",
    "y",
    "t",
    "١",
  ])("%j is off", (value) => {
    expect(parseEdgezeroFlag(value)).toBe(false);
  });

  test("any text reads as Rust's trim and eq_ignore_ascii_case read it", PROPERTY_TEST, () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(parseEdgezeroFlag(value)).toBe(naiveFlag(value));
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    { name: "spaces around", value: `${" ".repeat(MEGABYTE)}1${" ".repeat(MEGABYTE)}`, on: true },
    { name: "spaces only", value: " ".repeat(MEGABYTE), on: false },
    { name: "spaces, then a letter", value: `1${" ".repeat(MEGABYTE)}x`, on: false },
    { name: "the word", value: "true".repeat(MEGABYTE), on: false },
  ])("a megabyte of $name is read in linear time", ({ value, on }) => {
    expect(parseEdgezeroFlag(value)).toBe(on);
  });

  test.each(NOT_TEXT)("$value, which is no text, is never on", ({ value }) => {
    expect(parseEdgezeroFlag(value)).toBe(false);
  });
});

describe("both parsers", () => {
  test("trim exactly the 25 White_Space code points", () => {
    const trimmed = Array.from({ length: 0x1_0000 }, (_, unit) => String.fromCharCode(unit)).filter(
      (char) =>
        parseRolloutPct(`${char}100${char}`) === 100 && parseEdgezeroFlag(`${char}1${char}`),
    );
    expect(trimmed).toEqual(WHITE_SPACE);
    expect(trimmed).toHaveLength(25);
  });

  test("answer for text of any length, such as 32 MB of spaces before the value", () => {
    const spaces = " ".repeat(32 * MEGABYTE);
    expect(parseRolloutPct(`${spaces}42`)).toBe(42);
    expect(parseEdgezeroFlag(`${spaces}1`)).toBe(true);
  });
});
