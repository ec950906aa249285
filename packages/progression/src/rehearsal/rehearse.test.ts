import { describe, expect, test } from "vitest";
import type { RolloutPlan } from "../plan/rollout-plan.ts";
import { expandPlan } from "../plan/short-plan.ts";
import type { Happening, Rehearsal } from "./course.ts";
import type { Fault } from "./fault.ts";
import { describeHappening } from "./describe-happening.ts";
import { rehearse } from "./rehearse.ts";

const MINUTE = 60_000;
const PLAN: RolloutPlan = expandPlan([
  { pct: 1, hold: "30m" },
  { pct: 10, hold: "30m" },
  { pct: 100, hold: "30m" },
]);
const TRAFFIC = { rps: 500 };
const ALWAYS = { atMs: 0, forMs: null } as const;

/** What happened, without its times, each once in a row. */
function names({ timeline }: Rehearsal): string[] {
  return timeline.map((happening) => {
    if (happening.type !== "effect") return nameOf(happening);
    const { effect } = happening;
    if (effect.type === "moved") return `${effect.to}${effect.reason ? `: ${effect.reason}` : ""}`;
    if (effect.type === "page") return `page: ${effect.reason}`;
    return effect.type;
  });
}

function nameOf(happening: Happening): string {
  return "pct" in happening ? `${happening.type} ${happening.pct}` : happening.type;
}

test("a healthy rollout goes through every stage to its end, each for its hold", () => {
  const rehearsal = rehearse(PLAN, TRAFFIC);
  expect(rehearsal.stages.map(({ stage, pct }) => [stage, pct])).toEqual([
    [1, 1],
    [2, 10],
    [3, 100],
  ]);
  for (const { fromMs, toMs } of rehearsal.stages) {
    expect(toMs - fromMs).toBeGreaterThanOrEqual(30 * MINUTE);
    expect(toMs - fromMs).toBeLessThan(32 * MINUTE);
  }
  expect(rehearsal.end.state).toBe("completed");
  expect(rehearsal.completedAtMs).toBe(rehearsal.end.atMs);
  expect(rehearsal).toMatchObject({ rollback: null, faultyFromMs: null, isFalseRollback: false });
  expect(names(rehearsal).filter((name) => name.startsWith("page"))).toEqual([]);
});

test("EdgeZero's requests are its share of the traffic", () => {
  const { stages } = rehearse(PLAN, TRAFFIC);
  const requests = stages.map((stage) => stage.requests / (500 * 30 * 60));
  expect(requests[0]).toBeCloseTo(0.01, 2);
  expect(requests[1]).toBeCloseTo(0.1, 1);
});

test("the same seed gives the same bytes, and another seed others", () => {
  const traffic = { ...TRAFFIC, rhythm: true, burst: 3 };
  const [once, again, other] = [7, 7, 8].map((seed) =>
    JSON.stringify({ ...rehearse(PLAN, traffic, [], seed), seed: null }),
  );
  expect(again).toBe(once);
  expect(other).not.toBe(once);
});

test("a fault from the start is rolled back, and the rollback is proven", () => {
  const fault: Fault = { kind: "rate", signal: "errors", rate: 0.02, ...ALWAYS };
  const rehearsal = rehearse(PLAN, TRAFFIC, [fault]);
  expect(rehearsal.rollback).toMatchObject({ pct: 1, cause: { kind: "worse", signal: "errors" } });
  expect(rehearsal.end.state).toBe("rolled-back");
  // Gateways follow the first write after 15 seconds.
  expect(rehearsal.faultyFromMs).toBe(15_000);
  expect(rehearsal.detectionMs).toBeGreaterThan(0);
  expect(rehearsal.detectionMs).toBeLessThan(5 * MINUTE);
  expect(names(rehearsal).slice(-6)).toEqual([
    "write-zero",
    "rolling-back",
    "written 0",
    "prove-zero",
    "obeyed 0",
    "rolled-back",
  ]);
});

test("in windows of a minute, one in which the percentage changes counts for no stage", () => {
  const plan = { ...PLAN, windowMs: MINUTE };
  const { timeline, stages } = rehearse(plan, TRAFFIC);
  const times = timeline.map(({ atMs }) => atMs);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  const obeyed = timeline.find(({ type }) => type === "obeyed");
  expect(obeyed?.atMs).toBe(15_000);
  // The first whole window ends after 2 minutes, and the hold counts from there.
  expect(stages[0]?.toMs).toBe(32 * MINUTE);
  expect((stages[0]?.requests ?? 0) / (31 * 300)).toBeCloseTo(1, 1);
});

test("a fault that begins late is found after it began", () => {
  const atMs = 45 * MINUTE;
  const fault: Fault = { kind: "rate", signal: "timeouts", rate: 0.05, atMs, forMs: null };
  const rehearsal = rehearse(PLAN, TRAFFIC, [fault]);
  expect(rehearsal.rollback?.cause).toEqual({ kind: "worse", signal: "timeouts" });
  expect(rehearsal.rollback?.pct).toBe(10);
  expect(rehearsal.faultyFromMs).toBe(atMs);
});

test("a slow EdgeZero is held", () => {
  const rehearsal = rehearse(PLAN, TRAFFIC, [{ kind: "slow", times: 2, ...ALWAYS }]);
  expect(names(rehearsal)).toContain("held: breach");
  expect(rehearsal.rollback?.cause).toEqual({ kind: "lasted", signal: "p95" });
});

describe("what is no fault of EdgeZero's", () => {
  test.each<{ name: string; fault: Fault; held: string }>([
    {
      name: "both paths are down",
      fault: { kind: "outage", paths: "both", atMs: 40 * MINUTE, forMs: 10 * MINUTE },
      held: "held: incident",
    },
    {
      name: "legacy is down",
      fault: { kind: "outage", paths: "legacy", atMs: 40 * MINUTE, forMs: 10 * MINUTE },
      held: "held: legacy-down",
    },
    {
      name: "nobody sends requests",
      fault: { kind: "no-traffic", atMs: 40 * MINUTE, forMs: 10 * MINUTE },
      held: "held: no-traffic",
    },
    {
      name: "the source dies",
      fault: { kind: "source-dies", source: null, atMs: 40 * MINUTE, forMs: 10 * MINUTE },
      held: "held: blind",
    },
  ])("$name: it holds, and completes when that is over", ({ fault, held }) => {
    const healthy = rehearse(PLAN, TRAFFIC);
    const rehearsal = rehearse(PLAN, TRAFFIC, [fault]);
    expect(names(rehearsal)).toContain(held);
    expect(names(rehearsal)).toEqual(expect.arrayContaining(["fault-began", "fault-ended"]));
    expect(rehearsal.end.state).toBe("completed");
    expect(rehearsal.isFalseRollback).toBe(false);
    expect(rehearsal.completedAtMs).toBeGreaterThan(healthy.completedAtMs ?? 0);
  });

  test("a source that stays dead: it never goes further, and never rolls back", () => {
    const fault: Fault = { kind: "source-dies", source: null, atMs: 10 * MINUTE, forMs: null };
    const rehearsal = rehearse(PLAN, TRAFFIC, [fault], 1, { mostMs: 6 * 60 * MINUTE });
    expect(rehearsal.stages.map(({ pct }) => pct)).toEqual([1]);
    expect(rehearsal).toMatchObject({ rollback: null, completedAtMs: null });
    expect(rehearsal.end.state).toBe("held");
    expect(rehearsal.end.atMs).toBe(6 * 60 * MINUTE);
  });
});

test("a store that stalls delays the next stage until it is back", () => {
  const stall: Fault = { kind: "store-stalls", atMs: 29 * MINUTE, forMs: 20 * MINUTE };
  const rehearsal = rehearse(PLAN, TRAFFIC, [stall]);
  expect(rehearsal.stages[1]?.fromMs).toBeGreaterThanOrEqual(49 * MINUTE);
  expect(rehearsal.end.state).toBe("completed");
});

test("a rollback that a stalled store does not take is written when it is back", () => {
  const faults: Fault[] = [
    { kind: "store-stalls", atMs: 5 * MINUTE, forMs: 10 * MINUTE },
    { kind: "outage", paths: "edgezero", atMs: 6 * MINUTE, forMs: null },
  ];
  const rehearsal = rehearse(PLAN, TRAFFIC, faults);
  const written = rehearsal.timeline.find(
    ({ type, ...rest }) => type === "written" && "pct" in rest && rest.pct === 0,
  );
  expect(rehearsal.rollback?.atMs).toBeLessThan(8 * MINUTE);
  expect(written?.atMs).toBeGreaterThanOrEqual(15 * MINUTE);
  expect(rehearsal.end.state).toBe("rolled-back");
});

test("one failing client is held first, and rolled back when it lasts", () => {
  const clients = { count: 50_000, tail: 2 };
  const lone: Fault = { kind: "one-client", part: 0.2, ...ALWAYS };
  const rehearsal = rehearse(PLAN, { ...TRAFFIC, rates: { errors: 0, timeouts: 0 }, clients }, [
    lone,
  ]);
  expect(names(rehearsal)).toContain("held: one-client");
  expect(rehearsal.rollback?.atMs).toBeGreaterThanOrEqual(10 * MINUTE);
});

test("an approval is given after the time that was asked for, or never", () => {
  const plan = {
    ...PLAN,
    stages: PLAN.stages.map((stage, i) => ({ ...stage, approval: i === 0 })),
  };
  const late = rehearse(plan, TRAFFIC, [], 1, { approvesAfterMs: 10 * MINUTE });
  expect(late.stages[1]?.fromMs).toBeGreaterThanOrEqual(40 * MINUTE);
  expect(late.end.state).toBe("completed");
  const never = rehearse(plan, TRAFFIC, [], 1, { approvesAfterMs: null, mostMs: 60 * MINUTE });
  expect(never.end.state).toBe("awaiting-approval");
});

test("each happening has a sentence", () => {
  const fault: Fault = { kind: "outage", paths: "edgezero", atMs: MINUTE, forMs: null };
  const { timeline } = rehearse(PLAN, TRAFFIC, [fault]);
  for (const happening of timeline) {
    expect(describeHappening(happening)).toMatch(/\w.*(\.|→ .*)$/);
  }
});

test.each([
  { name: "rps", traffic: { rps: -1 }, says: "rps is -1" },
  { name: "hours", traffic: { rps: [1, 2] }, says: "24 of them" },
  { name: "a signal", traffic: { rps: 1, rates: { error: 0.1 } }, says: "errors, timeouts" },
  { name: "a rate", traffic: { rps: 1, rates: { errors: 2 } }, says: "rates/errors is 2" },
  { name: "a tail", traffic: { rps: 1, clients: { count: 5, tail: 1 } }, says: "clients/tail" },
])("traffic that cannot be is refused, with its field: $name", ({ traffic, says }) => {
  expect(() => rehearse(PLAN, traffic)).toThrow(says);
});

test.each<{ fault: object; says: string }>([
  { fault: { kind: "rate", signal: "p95", rate: 0.1 }, says: "faults/0/signal" },
  { fault: { kind: "rate", signal: "errors", rate: 1.1 }, says: "faults/0/rate" },
  { fault: { kind: "slow", times: 0 }, says: "faults/0/times" },
  { fault: { kind: "quake" }, says: "faults/0/kind" },
  { fault: { kind: "source-dies", source: "prometheus" }, says: "faults/0/source" },
])("a fault that cannot be is refused: $says", ({ fault, says }) => {
  expect(() => rehearse(PLAN, TRAFFIC, [{ ...fault, ...ALWAYS } as Fault])).toThrow(says);
});

test("a day's rhythm, incidents, wandering rates and shares leave a healthy rollout alone", () => {
  const traffic = { rps: 300, rhythm: true, incidents: 6, wander: 0.3, shares: 0.5, burst: 3 };
  const rehearsal = rehearse(PLAN, traffic, [], 2);
  expect(rehearsal).toMatchObject({ isFalseRollback: false, end: { state: "completed" } });
});

test("the hours of a day have their own traffic", () => {
  const rps = Array.from({ length: 24 }, (_, hour) => (hour === 9 ? 0 : 500));
  const rehearsal = rehearse(PLAN, { rps }, [], 1, { warmUpMs: 3_600_000 });
  // From 9 to 10 nobody comes, and the rollout starts at 9.
  expect(names(rehearsal)).toContain("held: no-traffic");
  expect(rehearsal.stages[0]?.toMs).toBeGreaterThan(90 * MINUTE);
});

test("a source of its own gives its signals, and can die alone", () => {
  const [first, ...others] = PLAN.signals;
  if (first === undefined) throw new Error("no signal");
  const counter = { metric: "wins_total", match: {} };
  const wins = { ...first, name: "wins", of: { hits: counter, trials: counter }, ceiling: null };
  const plan = { ...PLAN, signals: [first, ...others, { ...wins, source: "prometheus" }] };
  expect(rehearse(plan, TRAFFIC).end.state).toBe("completed");
  const dies: Fault = { kind: "source-dies", source: "prometheus", ...ALWAYS };
  const dead = rehearse(plan, TRAFFIC, [dies], 1, { mostMs: 60 * MINUTE });
  expect(dead.end.state).toBe("held");
  expect(dead.stages).toHaveLength(1);
});
