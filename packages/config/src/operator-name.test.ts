import { hostname } from "node:os";
import { expect, test } from "vitest";
import { operatorName } from "./operator-name.ts";

const VARIABLES = { EDGEZERO_OPERATOR: "shell" };

test.each([
  { name: "what was given", given: "ana", variables: VARIABLES, configured: "file", who: "ana" },
  {
    name: "the variable",
    given: undefined,
    variables: VARIABLES,
    configured: "file",
    who: "shell",
  },
  { name: "the config file", given: "", variables: {}, configured: "file", who: "file" },
])("$name says who acts", ({ given, variables, configured, who }) => {
  expect(operatorName(given, variables, configured)).toBe(who);
});

test("otherwise it is the user at this machine", () => {
  expect(operatorName(undefined, {}, null)).toMatch(new RegExp(`@${hostname()}$`));
});

test("a name cannot steer a terminal, and is of bounded length", () => {
  expect(operatorName(`a\u001b[2J${"b".repeat(300)}`, {}, null)).toBe(`a[2J${"b".repeat(196)}`);
});
