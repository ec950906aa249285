import { expect, test } from "vitest";
import { createAttributionIfAsked } from "./attribution-if-asked.ts";

const options = { service: "site", runtime: "test" };

test.each([
  [{}, false],
  [{ attribution: "path", sharedCaches: "unchanged", sinks: [], override: undefined }, false],
  [{ attribution: "detail" }, true],
  [{ sharedCaches: "private" }, true],
  [{ sharedCaches: "vary" }, true],
  [{ sinks: [() => {}] }, true],
  [{ override: () => null }, true],
] as const)("%o is attributed: %s", (asked, isAsked) => {
  expect(createAttributionIfAsked({ ...options, ...asked }) !== undefined).toBe(isAsked);
});
