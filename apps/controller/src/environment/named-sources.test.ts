import { expandPlan } from "@edgezero/progression";
import { expect, test } from "vitest";
import { withSources } from "./named-sources.ts";

const PLAN = expandPlan([{ pct: 10, hold: "1h" }]);
const [ERRORS] = PLAN.signals;
if (ERRORS === undefined) throw new Error("no signals");
const COUNTER = { metric: "site_bids_total", match: {} };
const WINS = { ...ERRORS, name: "wins", of: { hits: COUNTER, trials: COUNTER } };

test.each([
  {
    name: "the first where it can",
    sources: ["prometheus", "events"],
    of: ERRORS,
    is: "prometheus",
  },
  { name: "a later one that can", sources: ["events", "prometheus"], of: WINS, is: "prometheus" },
  { name: "no source where none can", sources: ["events"], of: WINS, is: null },
  {
    name: "the one that the plan names",
    sources: ["events", "scrape"],
    of: { ...ERRORS, source: "scrape" },
    is: "scrape",
  },
] as const)("a signal is counted by $name", ({ sources, of, is }) => {
  const plan = withSources({ ...PLAN, signals: [of] }, sources);
  expect(plan.signals[0]?.source).toBe(is);
});
