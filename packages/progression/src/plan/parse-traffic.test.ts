import { expect, test } from "vitest";
import { parseRate, parseRps } from "./parse-traffic.ts";

const DAY = Array.from({ length: 24 }, (_, hour) => hour);

test.each([
  { text: "500", rps: 500 },
  { text: "0.5", rps: 0.5 },
  { text: DAY.join(","), rps: DAY },
  { text: "1,2", rps: null },
  { text: "-1", rps: null },
  { text: "1e3", rps: null },
  { text: "", rps: null },
])("$text requests per second", ({ text, rps }) => {
  expect(parseRps(text)).toEqual(rps);
});

test.each([
  { text: "errors=0.1%", rate: ["errors", 0.001] },
  { text: "wins=0.3", rate: ["wins", 0.3] },
  { text: "wins=100%", rate: ["wins", 1] },
  { text: "wins=1.5", rate: null },
  { text: "wins", rate: null },
  { text: "=1%", rate: null },
])("the rate $text", ({ text, rate }) => {
  expect(parseRate(text)).toEqual(rate);
});
