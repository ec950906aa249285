import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planLike } from "../../test/plan-arbitraries.ts";
import { SITE } from "../../test/site.ts";
import { initialState } from "../reducer/initial-state.ts";
import type { PlanCode } from "./finding.ts";
import { parsePlan } from "./parse-plan.ts";
import { RUNBOOK_PLAN } from "./plan.ts";
import { expandPlan } from "./short-plan.ts";

const STAGES = [{ pct: 1, hold: "30m" }];
const ERRORS = { kind: "rate", of: "failures", margin: { points: 0.1 }, breach: "rollback" };

function withSignal(signal: object): object {
  return { stages: STAGES, signals: { errors: { ...ERRORS, ...signal } } };
}

interface Bad {
  readonly name: string;
  readonly plan: unknown;
  readonly code: PlanCode;
  readonly place: string;
}

const BAD: readonly Bad[] = [
  { name: "a text", plan: "1%", code: "not-a-plan", place: "" },
  { name: "no stages", plan: {}, code: "missing", place: "/stages" },
  { name: "an empty list", plan: [], code: "wrong-value", place: "" },
  {
    name: "stages that do not rise",
    plan: { stages: [...STAGES, { pct: 1, hold: "1h" }] },
    code: "not-rising",
    place: "/stages/1/pct",
  },
  {
    name: "a hold that is no duration",
    plan: { stages: [{ pct: 1, hold: "soon" }] },
    code: "wrong-value",
    place: "/stages/0/hold",
  },
  {
    name: "a hold in the short form",
    plan: [{ pct: 1, hold: 30 }],
    code: "wrong-value",
    place: "/0/hold",
  },
  {
    name: "a mistyped key of the plan",
    plan: { stages: STAGES, adwance: "proven" },
    code: "unknown-key",
    place: "/adwance",
  },
  {
    name: "a mistyped key of a stage",
    plan: { stages: [{ pct: 1, hold: "1h", minRequest: 5 }] },
    code: "unknown-key",
    place: "/stages/0/minRequest",
  },
  {
    name: "an ambiguous margin",
    plan: withSignal({ margin: "0.1%" }),
    code: "wrong-value",
    place: "/signals/errors/margin",
  },
  {
    name: "two margins at once",
    plan: withSignal({ margin: { points: 1, percent: 1 } }),
    code: "wrong-value",
    place: "/signals/errors/margin",
  },
  {
    name: "a two-sided margin of times",
    plan: withSignal({ margin: { times: 2 }, worse: "both" }),
    code: "two-sided-times",
    place: "/signals/errors/margin",
  },
  {
    name: "a ceiling of what is worse down",
    plan: withSignal({ worse: "down", ceiling: { rate: 0.1 } }),
    code: "ceiling-impossible",
    place: "/signals/errors/ceiling",
  },
  {
    name: "a ceiling in milliseconds of a rate",
    plan: withSignal({ ceiling: { ms: 800 } }),
    code: "ceiling-impossible",
    place: "/signals/errors/ceiling",
  },
  {
    name: "a margin in points of a latency",
    plan: withSignal({ kind: "quantile", of: "latency" }),
    code: "wrong-value",
    place: "/signals/errors/margin",
  },
  {
    name: "a time to roll back after, where it rolls back at once",
    plan: withSignal({ rollbackAfter: "1h" }),
    code: "wrong-value",
    place: "/signals/errors/rollbackAfter",
  },
  {
    name: "a signal that says no breach",
    plan: { stages: STAGES, signals: { errors: { kind: "rate", margin: { points: 1 } } } },
    code: "missing",
    place: "/signals/errors/breach",
  },
  {
    name: "a page before the hold",
    plan: { stages: STAGES, noData: { grace: "5m", page: "1m" } },
    code: "contradicting-no-data",
    place: "/noData/page",
  },
  {
    name: "a rollback before the hold",
    plan: { stages: STAGES, noData: { rollbackAfter: "1m" } },
    code: "contradicting-no-data",
    place: "/noData/rollbackAfter",
  },
  {
    name: "a freeze whose ends are equal",
    plan: { stages: STAGES, freeze: ["Fri 16:00 - Fri 16:00"] },
    code: "endless-freeze",
    place: "/freeze/0",
  },
  {
    name: "freezes that cover the week",
    plan: { stages: STAGES, freeze: ["Mon 00:00 - Fri 00:00", "Thu 12:00 - Mon 00:00"] },
    code: "endless-freeze",
    place: "/freeze",
  },
  {
    name: "a freeze in an unknown zone",
    plan: { stages: STAGES, freeze: ["Fri 16:00 - Mon 08:00 Europe/Berin"] },
    code: "wrong-value",
    place: "/freeze/0",
  },
  {
    name: "a name of a signal that JSON pointers must escape",
    plan: { stages: STAGES, signals: { "a/b": ERRORS } },
    code: "wrong-value",
    place: "/signals/a~1b",
  },
];

test.each(BAD)("$name is found", ({ plan, code, place }) => {
  const parsed = parsePlan(plan);
  expect(parsed).toMatchObject({ plan: null, findings: [{ code, place, level: "error" }] });
});

test("all findings come at once", () => {
  const plan = { stages: [{ pct: 0, hold: "x" }], advance: "soon", extra: 1 };
  const parsed = parsePlan(plan);
  const places = parsed.plan === null ? parsed.findings.map(({ place }) => place) : [];
  expect(places.toSorted()).toEqual(["/advance", "/extra", "/stages/0/hold", "/stages/0/pct"]);
});

test("an unknown key names the nearest known one", () => {
  const parsed = parsePlan({ stages: STAGES, freezes: [] });
  expect(parsed).toMatchObject({ findings: [{ message: "no such field; did you mean freeze?" }] });
});

describe("a valid plan", () => {
  test("in the short form means the runbook's signals and every default", () => {
    expect(parsePlan(RUNBOOK_PLAN)).toEqual({ plan: expandPlan(RUNBOOK_PLAN) });
  });

  test("with stages alone means the same", () => {
    expect(parsePlan({ stages: RUNBOOK_PLAN })).toEqual({ plan: expandPlan(RUNBOOK_PLAN) });
  });

  test("in the full form is read field by field", () => {
    const parsed = parsePlan({
      stages: [{ pct: 5, hold: "90s", minRequests: 7, approval: true }],
      advance: "proven",
      signals: {
        wins: {
          kind: "rate",
          of: {
            hits: { metric: "wins_total", match: { site: "a" } },
            trials: { metric: "bids_total" },
          },
          margin: { percent: 1 },
          worse: "both",
          breach: "hold",
          rollbackAfter: "1h",
          required: false,
          weight: 3,
          minTrials: 10,
          source: "prometheus",
        },
        p99: {
          kind: "quantile",
          quantile: 0.99,
          margin: { times: 1.5 },
          ceiling: { ms: 800 },
          breach: "rollback",
        },
      },
      falseRollback: 0.02,
      freeze: ["Fri 16:00 - Mon 08:00 Europe/Berlin"],
      noData: { grace: "1m", rollbackAfter: "30m" },
      propagation: "2m",
      window: "10s",
      drain: "1m",
    });
    expect(parsed.plan).toMatchObject({
      stages: [{ pct: 5, holdMs: 90_000, minRequests: 7, approval: true }],
      advance: "proven",
      signals: [
        { name: "wins", margin: { rel: 0.01 }, rollbackAfterMs: 3_600_000, weight: 3 },
        { name: "p99", of: "latency", margin: { ratio: 1.5 }, ceiling: 800, quantile: 0.99 },
      ],
      freeze: [{ from: 4 * 1440 + 960, to: 480, zone: "Europe/Berlin" }],
      noData: { graceMs: 60_000, pageMs: 300_000, rollbackAfterMs: 1_800_000 },
      propagationMs: 120_000,
      windowMs: 10_000,
      drainMs: 60_000,
    });
  });
});

describe("any data", () => {
  test("is a plan that a rollout can begin with, or has findings; nothing is thrown", () => {
    const seen = { plans: 0, findings: 0 };
    fc.assert(
      fc.property(fc.oneof({ weight: 8, arbitrary: planLike }, fc.anything()), (data) => {
        const parsed = parsePlan(data);
        if (parsed.plan === null) {
          seen.findings += 1;
          return parsed.findings.length > 0;
        }
        seen.plans += 1;
        return initialState(parsed.plan, SITE).phase.name === "idle";
      }),
      { numRuns: 3000 },
    );
    expect(Math.min(seen.plans, seen.findings)).toBeGreaterThan(10);
  });
});
