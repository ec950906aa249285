import { expect, test } from "vitest";
import { parseFault } from "./parse-fault.ts";

test.each([
  {
    text: "errors=0.5%",
    fault: { kind: "rate", signal: "errors", rate: 0.005, atMs: 0, forMs: null },
  },
  { text: "slow=1.3@10m", fault: { kind: "slow", times: 1.3, atMs: 600_000, forMs: null } },
  {
    text: "outage=both@1h+5m",
    fault: { kind: "outage", paths: "both", atMs: 3_600_000, forMs: 300_000 },
  },
  { text: "one-client=0.01", fault: { kind: "one-client", part: 0.01, atMs: 0, forMs: null } },
  { text: "no-traffic+90s", fault: { kind: "no-traffic", atMs: 0, forMs: 90_000 } },
  { text: "store-stalls", fault: { kind: "store-stalls", atMs: 0, forMs: null } },
  {
    text: "source-dies@2h",
    fault: { kind: "source-dies", source: null, atMs: 7_200_000, forMs: null },
  },
])("$text", ({ text, fault }) => {
  expect(parseFault(text)).toEqual(fault);
});

test.each([
  "",
  "errors",
  "errors=2",
  "errors=x",
  "slow=0",
  "outage=all",
  "no-traffic=1",
  "slow=2@soon",
  "slow=2+x",
])("%j is no fault", (text) => {
  expect(parseFault(text)).toBeNull();
});
