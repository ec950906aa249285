import { readFile } from "node:fs/promises";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { errorCode, messageOf } from "./faults.ts";

describe("messageOf", () => {
  test.each([
    { name: "an error", thrown: new Error("broken"), expected: "broken" },
    { name: "an error of another kind", thrown: new TypeError("no"), expected: "no" },
    { name: "a text", thrown: "broken", expected: "broken" },
    { name: "undefined", thrown: undefined, expected: "undefined" },
    { name: "a number", thrown: 7, expected: "7" },
    { name: "a symbol", thrown: Symbol("x"), expected: "Symbol(x)" },
    { name: "an object with a message", thrown: { message: "m" }, expected: "[object Object]" },
    {
      name: "an object without a prototype",
      thrown: Object.create(null) as unknown,
      expected: "a thrown value that has no text",
    },
  ])("$name", ({ thrown, expected }) => {
    expect(messageOf(thrown)).toBe(expected);
  });

  test("is total", () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (thrown) => {
        expect(typeof messageOf(thrown)).toBe("string");
      }),
      { numRuns: 200 },
    );
  });
});

describe("errorCode", () => {
  test("the code of a fault of the platform", async () => {
    const fault = await readFile("/nowhere/at/all").catch((error: unknown) => error);
    expect(errorCode(fault)).toBe("ENOENT");
  });

  test.each([
    { name: "an error without a code", thrown: new Error("broken") },
    { name: "a code that is not a text", thrown: { code: 7 } },
    { name: "null", thrown: null },
    { name: "undefined", thrown: undefined },
    { name: "a text", thrown: "ENOENT" },
  ])("the empty text of $name", ({ thrown }) => {
    expect(errorCode(thrown)).toBe("");
  });

  test("is total", () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (thrown) => {
        expect(typeof errorCode(thrown)).toBe("string");
      }),
      { numRuns: 200 },
    );
  });
});
