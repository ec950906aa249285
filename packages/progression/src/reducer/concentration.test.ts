import { describe, expect, test } from "vitest";
import type { Load } from "../../test/site.ts";
import { PLAN, Rollout } from "../../test/site.ts";
import { STAGE_DEFAULTS } from "../plan/short-plan.ts";
import { countedAtMost } from "./concentration.ts";
import type { EvidenceWindow } from "./event.ts";

const LONG = { ...PLAN, stages: [{ ...STAGE_DEFAULTS, pct: 10, holdMs: 86_400_000 }] };
const OTHERS: Load = { clients: { all: 900, failing: 0 } };

function windowWith(
  requests: number,
  clients: { all: number; failing: number } | null,
  ms = 15_000,
): EvidenceWindow {
  const canary = { requests, clients, signals: {} };
  return { from: 0, to: ms, canary, control: canary, decisions: {}, instances: null };
}

describe("failures of EdgeZero that count in a window", () => {
  test("are at most those of as many mean clients as fail", () => {
    expect(countedAtMost(windowWith(200, { all: 100, failing: 3 }))).toBe(6);
    expect(countedAtMost(windowWith(200, { all: 100, failing: 100 }))).toBe(200);
  });

  test("are at least one for each failing client, also where few requests came in the window", () => {
    expect(countedAtMost(windowWith(50, { all: 100, failing: 3 }))).toBe(3);
  });

  test.each([
    { name: "clients are not counted", window: windowWith(200, null) },
    { name: "no client is said to fail", window: windowWith(200, { all: 100, failing: 0 }) },
    { name: "no client is said to be there", window: windowWith(200, { all: 0, failing: 0 }) },
    {
      name: "windows are longer than a minute",
      window: windowWith(200, { all: 100, failing: 1 }, 60_001),
    },
  ])("are without limit where $name", ({ window }) => {
    expect(countedAtMost(window)).toBe(Infinity);
  });
});

test("three clients that fail with much do not read worse, and many with as much do", () => {
  const few = new Rollout(LONG).begin();
  few.passes(3, { failures: 40, clients: { all: 100, failing: 3 } }, OTHERS);
  const many = new Rollout(LONG).begin();
  many.passes(3, { failures: 40, clients: { all: 100, failing: 40 } }, OTHERS);
  expect([few.pct, many.pct]).toEqual([10, 0]);
});

test("one failing client is no fault within ten minutes, however steadily it fails", () => {
  const rollout = new Rollout(LONG).begin();
  rollout.until("held: one-client", 40, { failures: 2, clients: { all: 100, failing: 1 } }, OTHERS);
  rollout.passes(39, { failures: 2, clients: { all: 100, failing: 1 } }, OTHERS);
  expect([rollout.name, rollout.pct]).toEqual(["held: one-client", 10]);
});
