import { describe, expect, test } from "vitest";
import type { PlanCode, PlanFinding } from "./finding.ts";
import { lintPlan } from "./lint-plan.ts";
import { parsePlan } from "./parse-plan.ts";
import type { PlanContext } from "./plan-context.ts";

const ERRORS = {
  kind: "rate",
  of: "failures",
  margin: { points: 0.1 },
  ceiling: { rate: 0.02 },
  breach: "rollback",
};
const STAGES = [
  { pct: 1, hold: "30m" },
  { pct: 10, hold: "2h" },
  { pct: 100, hold: "1d" },
];
const SOURCES = { scrape: ["failures", "timeouts", "latency"] } as const;
const KNOWN: PlanContext = {
  rps: 5000,
  rates: { errors: 0.001, timeouts: 0.001, wins: 0.3 },
  propagationMs: 60_000,
  bounds: [50, 100, 200, 400, 800],
  sources: { ...SOURCES, prometheus: ["failures", "counters"] },
};

function lint(plan: object, context: PlanContext): PlanFinding[] {
  const parsed = parsePlan(plan);
  if (parsed.plan === null) throw new Error(JSON.stringify(parsed.findings));
  return lintPlan(parsed.plan, context);
}

interface Bad {
  readonly code: PlanCode;
  readonly place: string;
  readonly plan: object;
  readonly context?: PlanContext;
}

const WINS = {
  ...ERRORS,
  of: { hits: { metric: "wins_total" }, trials: { metric: "bids_total" } },
};

const BAD: readonly Bad[] = [
  {
    code: "no-source",
    place: "/signals/wins",
    plan: { stages: STAGES, signals: { wins: WINS } },
    context: { sources: SOURCES },
  },
  {
    code: "source-cannot",
    place: "/signals/errors/source",
    plan: {
      stages: STAGES,
      signals: { errors: { ...ERRORS, of: "timeouts", source: "prometheus" } },
    },
    context: { sources: KNOWN.sources ?? {} },
  },
  {
    code: "no-propagation",
    place: "/propagation",
    plan: { stages: STAGES },
    context: { propagationMs: null },
  },
  {
    code: "stage-too-short",
    place: "/stages/0/hold",
    plan: { stages: STAGES, signals: { errors: ERRORS } },
    context: { rps: 5, rates: { errors: 0.001 } },
  },
  {
    code: "hold-below-propagation",
    place: "/stages/0/hold",
    plan: { stages: [{ pct: 1, hold: "30s" }, ...STAGES.slice(1)] },
    context: { propagationMs: 60_000 },
  },
  {
    code: "approval-at-end",
    place: "/stages/1/approval",
    plan: { stages: [STAGES[0], { pct: 100, hold: "1d", approval: true }] },
  },
  {
    code: "no-ceiling",
    place: "/signals",
    plan: {
      stages: STAGES,
      signals: { errors: { kind: "rate", margin: { points: 0.1 }, breach: "rollback" } },
    },
  },
  { code: "short-window", place: "/window", plan: { stages: STAGES, window: "2s" } },
  { code: "ends-below-100", place: "/stages/0/pct", plan: { stages: [STAGES[0]] } },
  {
    code: "nothing-rolls-back",
    place: "/signals",
    plan: { stages: STAGES, signals: { errors: { ...ERRORS, breach: "hold" } } },
  },
  {
    code: "nothing-required",
    place: "/signals",
    plan: { stages: STAGES, signals: { errors: { ...ERRORS, required: false } } },
  },
  {
    code: "requests-out-of-reach",
    place: "/stages/0/minRequests",
    plan: { stages: [{ pct: 1, hold: "30m", minRequests: 1_000_000 }, ...STAGES.slice(1)] },
    context: { rps: 500 },
  },
  {
    code: "proof-out-of-reach",
    place: "/stages/0/hold",
    plan: {
      stages: [{ pct: 1, hold: "5m" }, ...STAGES.slice(1)],
      signals: { errors: ERRORS },
      advance: "proven",
    },
    context: { rps: 500, rates: { errors: 0.001 } },
  },
  {
    code: "proof-needs-hits",
    place: "/signals/timeouts/margin",
    plan: {
      stages: STAGES,
      signals: { errors: ERRORS, timeouts: { ...ERRORS, of: "timeouts", margin: { times: 2 } } },
      advance: "proven",
    },
    context: { rates: { timeouts: 0 } },
  },
  {
    code: "proof-needs-hits",
    place: "/signals/timeouts/margin",
    plan: {
      stages: STAGES,
      signals: { errors: ERRORS, timeouts: { ...ERRORS, of: "timeouts", margin: { percent: 50 } } },
      advance: "proven",
    },
  },
  {
    code: "ceiling-impossible",
    place: "/signals/p95/ceiling",
    plan: {
      stages: STAGES,
      signals: {
        errors: ERRORS,
        p95: { kind: "quantile", margin: { percent: 50 }, ceiling: { ms: 900 }, breach: "hold" },
      },
    },
    context: { bounds: [50, 100, 200, 400, 800] },
  },
  {
    code: "large-first-stage",
    place: "/stages/0/pct",
    plan: {
      stages: [
        { pct: 50, hold: "1h" },
        { pct: 100, hold: "1d" },
      ],
    },
  },
];

test.each(BAD)("$code is found at $place", ({ code, place, plan, context = {} }) => {
  const found = lint(plan, context);
  expect(found.map((one) => [one.code, one.place])).toContainEqual([code, place]);
  expect(found.every(({ message, allowed }) => message !== "" && allowed !== "")).toBe(true);
});

const signals = { errors: ERRORS };
const GOOD: readonly { readonly name: string; readonly plan: object }[] = [
  { name: "the short form", plan: STAGES },
  { name: "stages alone", plan: { stages: STAGES } },
  { name: "one signal", plan: { stages: STAGES, signals } },
  { name: "one stage", plan: { stages: [{ pct: 100, hold: "1d" }], signals } },
  {
    name: "approvals between stages",
    plan: { stages: [{ ...STAGES[0], approval: true }, ...STAGES.slice(1)], signals },
  },
  {
    name: "a freeze",
    plan: { stages: STAGES, signals, freeze: ["Fri 16:00 - Mon 08:00 Europe/Berlin"] },
  },
  {
    name: "proof",
    plan: { stages: STAGES.map(({ pct }) => ({ pct, hold: "2d" })), signals, advance: "proven" },
  },
  {
    name: "proof of a multiple where legacy has timeouts",
    plan: {
      stages: STAGES.map(({ pct }) => ({ pct, hold: "10d" })),
      signals: { ...signals, timeouts: { ...ERRORS, of: "timeouts", margin: { times: 2 } } },
      advance: "proven",
    },
  },
  {
    name: "a rollback for missing data",
    plan: { stages: STAGES, signals, noData: { rollbackAfter: "30m" } },
  },
  {
    name: "a custom signal",
    plan: {
      stages: STAGES,
      signals: { ...signals, wins: { ...WINS, margin: { percent: 5 }, source: "prometheus" } },
    },
  },
  {
    name: "a latency with a ceiling",
    plan: {
      stages: STAGES,
      signals: {
        ...signals,
        p95: { kind: "quantile", margin: { percent: 50 }, ceiling: { ms: 700 }, breach: "hold" },
      },
    },
  },
];

describe("a good plan has no finding", () => {
  test.each(GOOD)("$name", ({ plan }) => {
    expect(lint(plan, KNOWN)).toEqual([]);
  });
});

test("what is not known is not examined", () => {
  expect(lint({ stages: STAGES }, {})).toEqual([]);
});
