import { expect, test } from "vitest";
import { isLoop, viaName, withVia } from "./via.ts";

const NAME = viaName("service\nhttp://legacy.example");

test("a gateway's name is as long for each identity, and another for another", () => {
  const names = Array.from({ length: 1000 }, (_, i) => viaName(`service ${i}`));
  for (const name of names) expect(name).toMatch(/^edgezero-[\da-f]{8}$/);
  expect(new Set(names).size).toBe(1000);
  expect(viaName("service 7")).toBe(names[7]);
});

test.each([
  { name: "no Via", given: null, expected: `1.1 ${NAME}` },
  { name: "an empty one", given: "", expected: `1.1 ${NAME}` },
  {
    name: "that of a proxy",
    given: "1.0 proxy.example",
    expected: `1.0 proxy.example, 1.1 ${NAME}`,
  },
])("$name gets the gateway's name", ({ given, expected }) => {
  expect(withVia(given, NAME)).toBe(expected);
});

test.each([
  { name: "none", given: undefined, expected: false },
  { name: "no Via of an edge", given: null, expected: false },
  { name: "another proxy, twice", given: "1.1 a.example, 1.1 a.example", expected: false },
  {
    name: "another gateway, twice",
    given: `1.1 ${viaName("")}, 1.1 ${viaName("")}`,
    expected: false,
  },
  { name: "this one, once", given: `1.1 ${NAME}`, expected: false },
  { name: "this one, twice", given: `1.1 ${NAME},2 proxy.example, 1.1 ${NAME}`, expected: true },
])("a request by $name is a loop: $expected", ({ given, expected }) => {
  expect(isLoop(given, NAME)).toBe(expected);
});
