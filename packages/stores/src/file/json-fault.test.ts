import * as fc from "fast-check";
import { expect, test } from "vitest";
import { findJsonFault } from "./json-fault.ts";

const quoted = (key: string): string => JSON.stringify(key);

test.each([
  { name: "an empty text", text: "", expected: { what: "it ends too early", line: 1, column: 1 } },
  {
    name: "a comment at the end",
    text: "{}\n\n// x",
    expected: { what: "a comment", line: 3, column: 1 },
  },
  {
    name: "a comment of more lines",
    text: "{/*\n*/}",
    expected: { what: "a comment", line: 1, column: 2 },
  },
  {
    name: "a comma at the end of a list",
    text: "[1,\n]",
    expected: { what: "a trailing comma", column: 3 },
  },
  {
    name: "a comma alone",
    text: "[,]",
    expected: { what: "a character that may not be there", column: 2 },
  },
  {
    name: "no value",
    text: '{"a":}',
    expected: { what: "a character that may not be there", column: 6 },
  },
  {
    name: "single quotes",
    text: "{'a':1}",
    expected: { what: "a character that may not be there", column: 2 },
  },
  {
    name: "a line break in a string",
    text: '["\n"]',
    expected: { what: "a character that may not be there" },
  },
  {
    name: "two documents",
    text: "{} {}",
    expected: { what: "more text behind its end", column: 4 },
  },
  {
    name: "a key twice",
    text: '{"a":1,"\\u0061":2}',
    expected: { what: 'the key "a" again', column: 8 },
  },
])("$name", ({ text, expected }) => {
  expect(findJsonFault(text, quoted)).toMatchObject(expected);
});

test("keys of inner objects are not compared", () => {
  expect(findJsonFault('{"a":{"a":1,"a":2},"b":[{"a":1}]}', quoted)).toBeNull();
});

test("64 KiB of brackets end", () => {
  const depth = 32_768;
  expect(findJsonFault("[".repeat(depth) + "]".repeat(depth), quoted)).toBeNull();
  expect(findJsonFault("[".repeat(2 * depth), quoted)?.what).toBe("it ends too early");
});

const pieces = fc.array(
  fc.oneof(
    fc.constantFrom("{", "}", "[", "]", ",", ":", '"a"', '"b"', "1", "-", "0", "e1", "true", "nul"),
    fc.constantFrom(" ", "\n", "\t", "\u00a0", "//", '"', "\\", "\\u12", "\u0000", "\ufeff", "."),
  ),
  { maxLength: 12 },
);

test("it finds a fault exactly where the platform's parser does, but for a key that comes twice", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        pieces.map((all) => all.join("")),
        fc.json(),
      ),
      (text) => {
        const found = findJsonFault(text, quoted)?.kind ?? "no fault";
        expect([isParsed(text) ? "no fault" : "not-json", "key-twice"]).toContain(found);
      },
    ),
    { numRuns: 3000 },
  );
});

function isParsed(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
