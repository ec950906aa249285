import { expect, test } from "vitest";
import { commandRequest } from "./command.ts";

const BASE = { who: "ana", reason: "", id: "a-1" };

test.each([
  { name: "start", request: { ...BASE, command: "start" } },
  { name: "approve with its stage", request: { ...BASE, command: "approve", stage: 2 } },
  { name: "reset with keep", request: { ...BASE, command: "reset", keep: true } },
  { name: "a rollback", request: { ...BASE, command: "rollback", reason: "errors" } },
])("takes $name", ({ request }) => {
  expect(commandRequest.parse(request)).toEqual(request);
});

test.each([
  { name: "another command", request: { ...BASE, command: "go" }, place: "command" },
  { name: "approve without a stage", request: { ...BASE, command: "approve" }, place: "stage" },
  { name: "a stage with start", request: { ...BASE, command: "start", stage: 1 }, place: "stage" },
  { name: "stage 0", request: { ...BASE, command: "approve", stage: 0 }, place: "stage" },
  { name: "keep with start", request: { ...BASE, command: "start", keep: true }, place: "keep" },
  { name: "nobody", request: { ...BASE, command: "start", who: "" }, place: "who" },
  {
    name: "an id with a line feed",
    request: { ...BASE, command: "start", id: "a\n" },
    place: "id",
  },
  { name: "an unknown key", request: { ...BASE, command: "start", force: true }, place: "" },
])("refuses $name", ({ request, place }) => {
  const read = commandRequest.safeParse(request);
  expect(read.error?.issues.map(({ path }) => path.join("."))).toContain(place);
});
