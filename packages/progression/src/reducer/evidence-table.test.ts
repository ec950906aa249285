import { describe, expect, test } from "vitest";
import type { Load } from "../../test/site.ts";
import { changed, MINUTE, PLAN, Rollout, SITE, START, WINDOW } from "../../test/site.ts";
import type { RolloutPlan } from "../plan/rollout-plan.ts";
import { STAGE_DEFAULTS } from "../plan/short-plan.ts";
import { explain } from "./explain.ts";
import type { HeldReason } from "./phase.ts";

/** A first stage that no test comes to the end of. */
const LONG: RolloutPlan = { ...PLAN, stages: [{ ...STAGE_DEFAULTS, pct: 10, holdMs: 86_400_000 }] };

interface Row {
  readonly name: string;
  readonly reason: HeldReason;
  readonly canary: Load;
  readonly control: Load;
  /** Windows until it is held, and good windows until it is not. */
  readonly after: number;
  readonly over: number;
}

const ROWS: readonly Row[] = [
  {
    name: "no requests on either path",
    reason: "no-traffic",
    canary: { requests: 0 },
    control: { requests: 0 },
    after: 1,
    over: 3,
  },
  {
    name: "no requests on EdgeZero although there should be some",
    reason: "routing",
    canary: { requests: 0 },
    control: {},
    after: 1,
    over: 3,
  },
  {
    name: "no requests on legacy below 100%",
    reason: "no-legacy",
    canary: {},
    control: { requests: 0 },
    after: 1,
    over: 3,
  },
  {
    name: "legacy over the errors ceiling, EdgeZero not",
    reason: "legacy-down",
    canary: {},
    control: { failures: 100 },
    after: 5,
    over: 5,
  },
  {
    name: "both over the errors ceiling",
    reason: "incident",
    canary: { failures: 10 },
    control: { failures: 100 },
    after: 5,
    over: 5,
  },
  {
    name: "a share of distinct clients far off the percentage",
    reason: "share",
    canary: { clients: { all: 300, failing: 0 } },
    control: { clients: { all: 700, failing: 0 } },
    after: 1,
    over: 3,
  },
];

describe.each(ROWS)("$name", ({ reason, canary, control, after, over }) => {
  const clients = { all: 100, failing: 0 };
  const good = [{ clients }, { clients: { all: 900, failing: 0 } }] as const;

  test(`holds after ${after} windows, pages, and goes on after ${over} good ones`, () => {
    const rollout = new Rollout().begin();
    rollout.passes(after - 1, canary, control);
    expect(rollout.name).toBe("observing");
    rollout.pass(canary, control);
    expect(rollout.name).toBe(`held: ${reason}`);
    expect(rollout.pages()).toEqual([reason]);
    rollout.passes(over - 1, ...good);
    expect(rollout.name).toBe(`held: ${reason}`);
    rollout.pass(...good);
    expect(rollout.name).toBe("observing");
  });

  test("never rolls back, however long it lasts", () => {
    const rollout = new Rollout().begin();
    rollout.passes(400, canary, control);
    expect(rollout.name).toBe(`held: ${reason}`);
    expect(rollout.pct).toBe(10);
  });

  test("stops the hold clock, and keeps it", () => {
    const rollout = new Rollout(LONG).begin();
    rollout.passes(3);
    const clock = clockOf(rollout);
    expect(clock).toBeGreaterThan(0);
    rollout.passes(after, canary, control);
    const stopped = clockOf(rollout);
    rollout.passes(40, canary, control);
    expect(clockOf(rollout)).toBe(stopped);
  });
});

/** What is left of the stage's time. */
function leftOf(rollout: Rollout): number {
  return (PLAN.stages[0]?.holdMs ?? 0) - clockOf(rollout);
}

function clockOf({ state }: Rollout): number {
  return "pass" in state.phase ? state.phase.pass.clockMs : -1;
}

/** A window passes in which the source fails. */
function fail(rollout: Rollout): void {
  rollout.at += WINDOW;
  rollout.readStore();
  rollout.send({ type: "evidence-failed", at: rollout.at, source: "scrape" });
}

describe("a source that fails", () => {
  test("stops the clock at once, holds after the grace, pages later, and keeps the clock", () => {
    const rollout = new Rollout().begin();
    rollout.passes(2);
    const clock = clockOf(rollout);
    for (let i = 0; i < 3; i += 1) fail(rollout);
    expect(rollout.name).toBe("observing");
    const stopped = clockOf(rollout);
    // Until it was asked, nobody knew that it fails.
    expect(stopped - clock).toBeLessThanOrEqual(WINDOW);
    for (let i = 0; i < 6; i += 1) fail(rollout);
    expect(rollout.name).toBe("held: blind");
    expect(rollout.pages()).toEqual([]);
    for (let i = 0; i < 12; i += 1) fail(rollout);
    expect(rollout.pages()).toEqual(["blind"]);
    rollout.passes(3);
    expect(rollout.name).toBe("observing");
    expect(clockOf(rollout)).toBe(stopped);
  });

  test("no stage begins while it fails, however little of the present one was left", () => {
    const rollout = new Rollout().begin();
    while (leftOf(rollout) > 2 * WINDOW) rollout.pass();
    for (let i = 0; i < 3; i += 1) fail(rollout);
    expect(rollout.pct).toBe(10);
    expect(rollout.command("promote")).toMatchObject({ accepted: false });
    rollout.passes(2);
    expect(rollout.pct).toBeGreaterThan(10);
  });

  test("never rolls back by default", () => {
    const rollout = new Rollout().begin();
    for (let i = 0; i < 2000; i += 1) fail(rollout);
    expect(rollout.pct).toBe(10);
  });

  test("rolls back where the plan asks for it, and says that it is the plan's rule", () => {
    const noData = { ...PLAN.noData, rollbackAfterMs: 600_000 };
    const rollout = new Rollout({ ...PLAN, noData }).begin();
    for (let i = 0; i < 39; i += 1) fail(rollout);
    expect(rollout.pct).toBe(10);
    fail(rollout);
    expect(rollout.state.phase).toMatchObject({ rollback: { cause: { kind: "no-data" } } });
  });

  test("is no blindness while the controller is down", () => {
    const rollout = new Rollout().begin();
    rollout.tick(3_600_000);
    expect(rollout.name).toBe("observing");
    const before = clockOf(rollout);
    fail(rollout);
    expect(rollout.name).toBe("observing");
    expect(clockOf(rollout)).toBe(before);
  });
});

test("data that is older than two windows and the delay stops the clock as a failure does", () => {
  const rollout = new Rollout().begin();
  for (let i = 0; i < 12; i += 1) {
    rollout.at += WINDOW;
    const { at } = rollout;
    const event = { type: "evidence", source: "scrape", newest: START, windows: [] } as const;
    rollout.send({ ...event, at });
  }
  expect(rollout.name).toBe("held: blind");
});

test("a source that is late by its nature is fresh for as much longer", () => {
  const rollout = new Rollout(PLAN, { ...SITE, delayMs: { scrape: 2 * MINUTE } }).begin();
  for (let i = 0; i < 10; i += 1) {
    rollout.at += WINDOW;
    const { at } = rollout;
    const newest = at - 2 * MINUTE - 2 * WINDOW;
    rollout.send({ type: "evidence", at, source: "scrape", newest, windows: [] });
  }
  expect(rollout.name).toBe("observing");
  for (let i = 0; i < 9; i += 1) {
    rollout.at += WINDOW;
    const { at } = rollout;
    const newest = at - 2 * MINUTE - 2 * WINDOW - 1;
    rollout.send({ type: "evidence", at, source: "scrape", newest, windows: [] });
  }
  expect(rollout.name).toBe("held: blind");
});

test("missing data never rolls back at 100%, also where the plan asks for it below", () => {
  const noData = { ...PLAN.noData, rollbackAfterMs: 600_000 };
  const rollout = new Rollout({ ...PLAN, noData }).begin();
  while (rollout.pct < 100) rollout.pass();
  for (let i = 0; i < 400; i += 1) fail(rollout);
  expect([rollout.name, rollout.pct]).toEqual(["held: blind", 100]);
});

test("no requests on EdgeZero are no fault where fewer than 10 clients should be on it", () => {
  const rollout = new Rollout().begin();
  const clients = { all: 99, failing: 0 };
  rollout.passes(5, { requests: 0, clients: { all: 0, failing: 0 } }, { clients });
  expect(rollout.name).toBe("observing");
  rollout.pass(
    { requests: 0, clients: { all: 0, failing: 0 } },
    { clients: { ...clients, all: 100 } },
  );
  expect(rollout.name).toBe("held: routing");
});

test("a window without requests on EdgeZero is no fault while clients of its minute were on it", () => {
  const rollout = new Rollout().begin();
  const clients = { all: 990, failing: 0 };
  rollout.passes(5, { requests: 0, clients: { all: 10, failing: 0 } }, { clients });
  expect(rollout.name).toBe("observing");
  rollout.pass({ requests: 0, clients: { all: 0, failing: 0 } }, { clients });
  expect(rollout.name).toBe("held: routing");
});

test("without client counts the share of requests may be off by less than ten times", () => {
  const rollout = new Rollout(LONG).begin();
  rollout.passes(5, { requests: 21 }, { requests: 1979 });
  expect(rollout.name).toBe("observing");
  rollout.pass({ requests: 19 }, { requests: 1981 });
  expect(rollout.name).toBe("held: share");
});

test("without legacy there is no verdict, however EdgeZero does", () => {
  const rollout = new Rollout().begin();
  rollout.passes(100, { failures: 200 }, { requests: 0 });
  expect([rollout.name, rollout.pct]).toEqual(["held: no-legacy", 10]);
});

test("while legacy is down slowness and timeouts decide nothing, then or later", () => {
  const rollout = new Rollout(LONG).begin();
  rollout.passes(5, {}, { failures: 100 });
  expect(rollout.name).toBe("held: legacy-down");
  rollout.passes(40, { timeouts: 150, slow: 1 }, { failures: 100 });
  expect(rollout.name).toBe("held: legacy-down");
  rollout.passes(20);
  expect(rollout.name).toBe("observing");
});

test("EdgeZero with fewer requests than the stage asks for says how much longer it takes", () => {
  const rollout = new Rollout(changed(PLAN, { minRequests: 8000 })).begin();
  const { sentence } =
    explain(rollout.state).reasons.find(({ reason }) => reason === "requests") ?? {};
  rollout.passes(4);
  const [first, second] = [sentence, explain(rollout.state).reasons];
  expect(first).toBe("EdgeZero has 200 of 8000 requests in this stage, about 9 m 45 s more.");
  expect(second).toContainEqual({
    reason: "requests",
    sentence: "EdgeZero has 1000 of 8000 requests in this stage, about 8 m 45 s more.",
    waitsFor: "more requests on EdgeZero",
    leftMs: 525_000,
    since: null,
  });
});

test("no rate, no minutes", () => {
  const rollout = new Rollout();
  rollout.obeys = false;
  rollout.readStore();
  rollout.command("start");
  rollout.until("propagating");
  expect(explain(rollout.state).reasons.map(({ sentence }) => sentence)).toContain(
    "EdgeZero has 0 of 100 requests in this stage.",
  );
});

test("EdgeZero with fewer requests than the stage asks for may roll back, and may not advance", () => {
  const rollout = new Rollout(changed(PLAN, { minRequests: 1e9 })).begin();
  rollout.passes(100);
  expect(rollout.pct).toBe(10);
  rollout.until("rolled-back", 20, { failures: 40 });
});

test("enough requests without any failure are data", () => {
  const rollout = new Rollout().begin();
  rollout.until("completed");
  expect(rollout.pages()).toEqual([]);
});

test("one required signal that is missing keeps the next stage away", () => {
  const rollout = new Rollout().begin();
  rollout.passes(100, { without: ["p95"] });
  expect([rollout.name, rollout.pct]).toEqual(["observing", 10]);
});

test("a required signal of which nothing is compared in a stage keeps the next stage away", () => {
  const rollout = new Rollout().begin();
  rollout.alter = (one) => {
    const signals = { ...one.canary.signals, timeouts: { trials: 0, hits: 0 } };
    return { ...one, canary: { ...one.canary, signals } };
  };
  rollout.passes(1);
  rollout.command("reset", { keep: true });
  rollout.passes(100);
  expect([rollout.name, rollout.pct]).toEqual(["observing", 10]);
  expect(explain(rollout.state).reason).toBe("thin");
});

test("a signal that the plan does not require keeps nothing away", () => {
  const rollout = new Rollout(changed(PLAN, {}, { p95: { required: false } })).begin();
  rollout.passes(20, { without: ["p95"] });
  expect(rollout.pct).toBeGreaterThanOrEqual(50);
});

test.each([
  { name: "more failures than requests", failures: 1e6 },
  { name: "a negative number of failures", failures: -1 },
])("a window with $name is no evidence of its signal", ({ failures }) => {
  const rollout = new Rollout().begin();
  rollout.passes(100, { failures });
  expect([rollout.name, rollout.pct]).toEqual(["observing", 10]);
});

test("more gateways that answer than are counted hold until as many are counted", () => {
  const rollout = new Rollout().begin();
  rollout.answering = 3;
  rollout.pass();
  expect(rollout.name).toBe("held: unseen");
  rollout.instances = 3;
  rollout.pass();
  expect(rollout.name).toBe("observing");
});

test("while both paths are down only failures may roll back", () => {
  const rollout = new Rollout().begin();
  rollout.passes(6, { failures: 10, timeouts: 0 }, { failures: 100 });
  expect(rollout.name).toBe("held: incident");
  rollout.passes(20, { failures: 10, timeouts: 150 }, { failures: 100 });
  expect(rollout.name).toBe("held: incident");
  rollout.until("rolled-back", 40, { failures: 190 }, { failures: 100 });
});

describe("one client that fails", () => {
  const lone: Load = { failures: 40, clients: { all: 100, failing: 1 } };
  const others: Load = { clients: { all: 900, failing: 0 } };

  test("holds and pages, and rolls back when it lasts 10 minutes", () => {
    const rollout = new Rollout(LONG).begin();
    rollout.until("held: one-client", 40, lone, others);
    expect(rollout.pages()).toEqual(["one-client"]);
    rollout.passes(39, lone, others);
    expect(rollout.pct).toBe(10);
    rollout.passes(1, lone, others);
    expect(rollout.name).toBe("rolled-back");
  });

  test("ends when the signal no longer reads worse, with the hold begun again", () => {
    const rollout = new Rollout(LONG).begin();
    rollout.until("held: one-client", 40, lone, others);
    rollout.passes(34, lone, others);
    // It reads worse when the 10 minutes end, although nobody fails any more.
    rollout.passes(8, { clients: { all: 100, failing: 0 } }, others);
    expect(rollout.name).toBe("held: one-client");
    rollout.until("observing", 4000, { clients: { all: 100, failing: 0 } }, others);
    expect([clockOf(rollout), rollout.pct]).toEqual([0, 10]);
  });

  test.each([
    { name: "three of a hundred", clients: { all: 100, failing: 3 } },
    { name: "two of six, which is a third", clients: { all: 6, failing: 2 } },
    { name: "two of two", clients: { all: 2, failing: 2 } },
    { name: "unknown clients", clients: null },
  ])("$name roll back at once", ({ clients }) => {
    const rollout = new Rollout().begin();
    const all = { all: 20, failing: 0 };
    rollout.passes(10, { failures: 40, clients }, clients === null ? {} : { clients: all });
    expect(rollout.effects).not.toContainEqual(expect.objectContaining({ reason: "one-client" }));
    expect(rollout.pct).toBe(0);
  });
});
