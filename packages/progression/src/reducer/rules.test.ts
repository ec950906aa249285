import { describe, expect, test } from "vitest";
import type { Load } from "../../test/site.ts";
import { changed, MINUTE, PLAN, Rollout, SITE, WINDOW } from "../../test/site.ts";
import { explain } from "./explain.ts";
import type { Pass } from "./phase.ts";

function passOf({ state: { phase } }: Rollout): Pass {
  if (!("pass" in phase)) throw new Error(`no pass in ${phase.name}`);
  return phase.pass;
}

function raises({ effects }: Rollout): number[] {
  return effects.flatMap((effect) => (effect.type === "raise" ? [effect.pct] : []));
}

const SLOW: Load = { slow: 0.5 };

describe("propagation", () => {
  test("a stage is propagating until every gateway answers with the new epoch", () => {
    const rollout = new Rollout();
    rollout.obeys = false;
    rollout.readStore();
    rollout.command("start");
    rollout.until("propagating");
    rollout.pass();
    expect(rollout.name).toBe("propagating");
    rollout.obeys = true;
    rollout.pass();
    expect(rollout.name).toBe("observing");
  });

  test("a write that has not arrived in twice the time holds, pages, and goes on when it arrives", () => {
    const rollout = new Rollout();
    rollout.obeys = false;
    rollout.readStore();
    rollout.command("start");
    rollout.until("held: propagation");
    expect(rollout.at - passOf(rollout).writtenAt).toBe(2 * 15_000);
    expect(rollout.pages()).toEqual(["propagation"]);
    rollout.passes(100);
    expect(rollout.pct).toBe(10);
    rollout.obeys = true;
    rollout.pass();
    expect(rollout.name).toBe("observing");
  });

  test("without probes it has arrived when 99% of at least 100 decisions carry the epoch", () => {
    const rollout = new Rollout(PLAN, { ...SITE, probes: false });
    rollout.readStore();
    rollout.command("start");
    rollout.until("propagating");
    rollout.pass({}, {}, { decisions: { "epoch-10": 99 } });
    expect(rollout.name).toBe("propagating");
    rollout.passes(2, {}, {}, { decisions: { "epoch-10": 98, "epoch-0": 2 } });
    expect(rollout.name).toBe("held: propagation");
    rollout.pass({}, {}, { decisions: { "epoch-10": 99, "epoch-0": 1 } });
    expect(rollout.name).toBe("observing");
  });

  test("until it has arrived, the value before the write is no outside change", () => {
    const rollout = new Rollout().begin();
    rollout.obeys = false;
    rollout.until("propagating");
    rollout.send({ type: "store", at: rollout.at, pct: 10, epoch: "epoch-10" });
    expect(rollout.name).toBe("propagating");
    rollout.obeys = true;
    rollout.pass();
    rollout.send({ type: "store", at: rollout.at, pct: 10, epoch: "epoch-10" });
    expect(rollout.name).toBe("held: drifted");
  });

  test("a 0 with the mark of a rollback is one, although the first stage began at 0", () => {
    const rollout = new Rollout();
    rollout.obeys = false;
    rollout.readStore();
    rollout.command("start");
    rollout.until("propagating");
    rollout.send({ type: "store", at: rollout.at, pct: 0, epoch: "epoch-0" });
    expect(rollout.name).toBe("propagating");
    const pct = 0;
    rollout.send({ type: "store", at: rollout.at, pct, epoch: "epoch-0", isRolledBack: true });
    expect(rollout.name).toBe("rolled-back");
    expect(rollout.state.phase).toMatchObject({ rollback: { cause: { kind: "outside" } } });
  });

  test("evidence is judged before the write has arrived, from the first window after the write", () => {
    const rollout = new Rollout();
    rollout.obeys = false;
    rollout.readStore();
    rollout.command("start");
    rollout.until("propagating");
    rollout.pass({ failures: 200 });
    expect(rollout.state.phase).toMatchObject({ rollback: { cause: { kind: "worse" } } });
  });

  test("a window that began before the write says nothing of the stage", () => {
    const rollout = new Rollout();
    rollout.readStore();
    rollout.command("start");
    rollout.until("propagating");
    rollout.at += 5000;
    const late = { ...rollout.window({ failures: 200 }), from: passOf(rollout).writtenAt - 1 };
    const windows = [{ ...late, to: late.from + WINDOW }];
    rollout.at += WINDOW;
    rollout.send({
      type: "evidence",
      at: rollout.at,
      source: "scrape",
      newest: rollout.at,
      windows,
    });
    expect(passOf(rollout).requests).toBe(0);
  });
});

describe("the hold clock", () => {
  test("a downtime of any length is no hold time, and its windows are evidence", () => {
    const rollout = new Rollout(changed(PLAN, { holdMs: 600_000 })).begin();
    const { clockMs, requests } = passOf(rollout);
    const windows = Array.from({ length: 240 }, () => {
      rollout.at += WINDOW;
      return rollout.window();
    });
    rollout.readStore();
    rollout.send({
      type: "evidence",
      at: rollout.at,
      source: "scrape",
      newest: rollout.at,
      windows,
    });
    expect(passOf(rollout).clockMs).toBe(clockMs);
    expect(passOf(rollout).requests).toBeGreaterThan(requests + 40_000);
  });

  test("after any downtime at most one stage is gone further", () => {
    const rollout = new Rollout().begin();
    rollout.passes(7);
    rollout.tick(7 * 24 * 60 * MINUTE);
    rollout.passes(3);
    expect(raises(rollout)).toEqual([10, 50]);
  });

  test("is short by one second until it is not", () => {
    const rollout = new Rollout(changed(PLAN, { holdMs: 2 * WINDOW + 1000 })).begin();
    expect(passOf(rollout).clockMs).toBe(0);
    rollout.passes(2);
    const before = passOf(rollout).clockMs;
    expect([before, rollout.pct]).toEqual([2 * WINDOW, 10]);
    rollout.tick(999);
    expect(rollout.pct).toBe(10);
    rollout.tick(1);
    expect(rollout.pct).toBe(50);
  });
});

describe("the store is the truth that all share", () => {
  test("a 0 of someone else is a rollback, and nothing is written", () => {
    const rollout = new Rollout().begin();
    rollout.pct = 0;
    rollout.readStore();
    expect(rollout.name).toBe("rolled-back");
    expect(rollout.effects.some(({ type }) => type === "write-zero")).toBe(false);
  });

  test("another value holds as drifted, and resume goes on from it with the hold anew", () => {
    const rollout = new Rollout().begin();
    rollout.passes(4);
    rollout.pct = 30;
    rollout.pass();
    expect(rollout.name).toBe("held: drifted");
    expect(rollout.pages()).toContain("drifted");
    rollout.passes(100);
    expect(raises(rollout)).toEqual([10]);
    rollout.command("resume");
    expect(rollout.name).toBe("observing");
    expect(passOf(rollout)).toMatchObject({ stage: 0, pct: 30, clockMs: 0 });
    rollout.passes(7);
    expect(rollout.pct).toBe(30);
    rollout.passes(3);
    expect(raises(rollout)).toEqual([10, 50]);
  });

  test("below the first stage, resume goes on with the first", () => {
    const rollout = new Rollout().begin();
    rollout.pct = 5;
    rollout.pass();
    rollout.command("resume");
    expect(passOf(rollout).stage).toBe(-1);
    rollout.passes(4);
    expect(raises(rollout)).toEqual([10, 10]);
  });

  test("verdicts go on after a drift", () => {
    const rollout = new Rollout().begin();
    rollout.pct = 30;
    rollout.pass();
    rollout.passes(10, { failures: 100 });
    expect(rollout.pct).toBe(0);
  });

  test("in idle a value of someone else is shown, and not acted on", () => {
    const rollout = new Rollout();
    rollout.pct = 30;
    rollout.readStore();
    rollout.passes(30);
    expect([rollout.name, rollout.effects.length]).toEqual(["idle", 0]);
    expect(rollout.command("start")).toMatchObject({ accepted: false });
  });

  test("a raise whose answer is lost is seen to have landed, and not written twice", () => {
    const rollout = new Rollout().begin();
    rollout.takes = false;
    rollout.until("observing");
    rollout.passes(8);
    rollout.pct = 50;
    rollout.takes = true;
    rollout.pass();
    expect(passOf(rollout)).toMatchObject({ stage: 1, pct: 50 });
  });
});

describe("approvals", () => {
  const plan = changed(PLAN, { approval: true });

  test("a stage that asks for one waits for it after its hold", () => {
    const rollout = new Rollout(plan).begin();
    rollout.until("awaiting-approval");
    rollout.passes(50);
    expect(rollout.pct).toBe(10);
    expect(rollout.command("approve", { stage: 2 })).toMatchObject({ accepted: false });
    expect(rollout.command("approve", { stage: 1 })).toMatchObject({ accepted: true });
    expect(rollout.pct).toBe(50);
  });

  test("one that is given early is kept for this stage, and only for it", () => {
    const rollout = new Rollout(plan).begin();
    rollout.command("approve", { stage: 1 });
    rollout.passes(12);
    expect(rollout.pct).toBe(50);
    rollout.until("awaiting-approval");
  });

  test("one is void after a drift", () => {
    const rollout = new Rollout(plan).begin();
    rollout.command("approve", { stage: 1 });
    rollout.pct = 30;
    rollout.pass();
    rollout.pct = 10;
    rollout.pass();
    rollout.command("resume");
    rollout.until("awaiting-approval");
    expect([passOf(rollout).approved, rollout.pct]).toEqual([false, 10]);
  });

  test("one is void after a rollback", () => {
    const rollout = new Rollout(plan).begin();
    rollout.command("approve", { stage: 1 });
    rollout.command("rollback");
    rollout.command("reset");
    rollout.begin();
    rollout.until("awaiting-approval");
    expect(passOf(rollout).approved).toBe(false);
  });

  test("one is void after a breach", () => {
    const rollout = new Rollout(plan).begin();
    rollout.command("approve", { stage: 1 });
    rollout.until("held: breach", 40, SLOW);
    expect(passOf(rollout).approved).toBe(false);
  });

  test("verdicts roll back while it waits", () => {
    const rollout = new Rollout(plan).begin();
    rollout.until("awaiting-approval");
    rollout.until("rolled-back", 20, { failures: 40 });
    expect(rollout.pct).toBe(0);
  });
});

describe("a freeze", () => {
  // START is a Thursday, 12:00 UTC.
  const freeze = [{ from: 3 * 1440 + 723, to: 3 * 1440 + 780, zone: "UTC" }];

  test("keeps the start and the next stage away, and ends with one advance at most", () => {
    const rollout = new Rollout({ ...PLAN, freeze });
    rollout.readStore();
    rollout.command("start");
    rollout.passes(200);
    expect(rollout.name).toBe("warming-up");
    rollout.passes(45);
    expect(raises(rollout)).toEqual([10]);
  });

  test("stops the hold clock, refuses promote, and delays no rollback", () => {
    const plan = {
      ...changed(PLAN, { holdMs: 600_000 }),
      freeze: [{ from: 3 * 1440 + 728, to: 3 * 1440 + 780, zone: "UTC" }],
    };
    const rollout = new Rollout(plan).begin();
    rollout.until("observing");
    while (rollout.at < Date.UTC(2026, 10, 26, 12, 9)) rollout.pass();
    const { clockMs } = passOf(rollout);
    rollout.passes(10);
    expect(passOf(rollout).clockMs).toBe(clockMs);
    expect(rollout.command("promote")).toMatchObject({
      accepted: false,
      sentence:
        "A freeze is on, and ends in 48 m 30 s. Promote is possible once only the stage's time is left; the rollout waits for the end of the freeze.",
    });
    rollout.until("rolled-back", 20, { failures: 40 });
  });
});

describe("a signal that holds", () => {
  const plan = changed(PLAN, { holdMs: 3_600_000 });

  test("holds the rollout, and lets it go on after a quarter that is no worse, hold anew", () => {
    const rollout = new Rollout(plan).begin();
    rollout.passes(10);
    rollout.until("held: breach", 40, SLOW);
    expect(rollout.pages()).toEqual(["breach"]);
    expect(passOf(rollout).clockMs).toBe(0);
    rollout.passes(59);
    expect(rollout.name).toBe("held: breach");
    rollout.passes(1);
    expect(rollout.name).toBe("observing");
    expect(passOf(rollout).clockMs).toBe(0);
  });

  test("rolls back where it lasts for an hour", () => {
    const rollout = new Rollout(plan).begin();
    rollout.until("held: breach", 40, SLOW);
    rollout.passes(239, SLOW);
    expect(rollout.pct).toBe(10);
    rollout.passes(1, SLOW);
    expect(rollout.state.phase).toMatchObject({ rollback: { cause: { kind: "lasted" } } });
  });

  test("only holds where the plan sets no time to roll back after", () => {
    const rollout = new Rollout(changed(plan, {}, { p95: { rollbackAfterMs: null } })).begin();
    rollout.until("held: breach", 40, SLOW);
    rollout.passes(1000, SLOW);
    expect([rollout.name, rollout.pct]).toEqual(["held: breach", 10]);
  });

  test("goes on holding where a raise that was under way lands", () => {
    const rollout = new Rollout(plan).begin();
    rollout.until("held: breach", 40, SLOW);
    const raise = { id: "raise-9", stage: 1, from: 10, pct: 50, at: rollout.at, failed: false };
    rollout.state = { ...rollout.state, raise };
    rollout.pct = 50;
    rollout.pass(SLOW);
    expect([rollout.name, passOf(rollout).pct]).toEqual(["held: breach", 50]);
  });
});

describe("signals that disagree", () => {
  const long = changed(PLAN, { holdMs: 3_600_000, minRequests: 1e9 });

  test("a rollback comes before a hold", () => {
    const rollout = new Rollout(long).begin();
    rollout.until("rolled-back", 40, { slow: 0.5, failures: 60 });
    expect(rollout.state.phase).toMatchObject({ rollback: { cause: { signal: "errors" } } });
  });

  test("a hold comes before too little evidence, and all reasons are named", () => {
    const rollout = new Rollout(long).begin();
    rollout.until("held: breach", 40, SLOW);
    rollout.passes(4, { ...SLOW, without: ["timeouts"] });
    const { reasons, reason, held } = explain(rollout.state);
    expect([reason, held]).toEqual(["breach", ["breach"]]);
    expect(reasons.map((one) => one.reason)).toEqual(["breach", "missing", "requests", "hold"]);
    expect(reasons[0]?.sentence).toBe("A signal reads worse than the plan allows. Worse: p95.");
    expect(reasons[1]?.sentence).toBe("There is no fresh evidence of timeouts.");
  });
});

test("a plan that asks for proof does not go on without it", () => {
  const wide = { margin: { abs: 0.05 } };
  const advisory = { required: false };
  const plan = changed(PLAN, {}, { errors: wide, timeouts: advisory, p95: advisory });
  const tight = changed(PLAN, {}, { timeouts: advisory, p95: advisory });
  const proven = new Rollout({ ...plan, advance: "proven" }).begin();
  const unproven = new Rollout({ ...tight, advance: "proven" }).begin();
  proven.passes(20);
  unproven.passes(20);
  expect(proven.pct).toBeGreaterThan(10);
  expect(unproven.pct).toBe(10);
});

describe("at 100%", () => {
  test("only a ceiling rolls back", () => {
    const rollout = new Rollout(changed(PLAN, { holdMs: 600_000 })).begin();
    while (rollout.pct < 100) rollout.pass();
    rollout.until("observing");
    rollout.passes(20, { timeouts: 500, slow: 1 });
    expect(rollout.pct).toBe(100);
    rollout.until("rolled-back", 20, { failures: 200 });
  });

  test("a plan that asks for proof asks nothing more", () => {
    const advisory = { required: false };
    const wide = { margin: { abs: 0.05 } };
    const plan = changed(PLAN, {}, { errors: wide, timeouts: advisory, p95: advisory });
    const rollout = new Rollout({ ...plan, advance: "proven" }).begin();
    rollout.until("completed");
    expect(rollout.pct).toBe(100);
  });
});

describe("a rollback", () => {
  test("is written for ever until it is written, and pages at once", () => {
    const rollout = new Rollout().begin();
    rollout.takes = false;
    rollout.command("rollback");
    expect(rollout.name).toBe("rolling-back");
    rollout.tick();
    expect(rollout.pages()).toEqual(["not-written"]);
    rollout.passes(100);
    expect(rollout.name).toBe("rolling-back");
    rollout.takes = true;
    rollout.pass();
    expect([rollout.name, rollout.pct]).toEqual(["rolled-back", 0]);
  });

  test("that is not proven pages again and again, until it is proven", () => {
    const rollout = new Rollout().begin();
    rollout.obeys = false;
    rollout.command("rollback");
    expect(rollout.name).toBe("rollback-unverified");
    rollout.passes(120);
    expect(rollout.pages()).toEqual(Array.from({ length: 3 }, () => "rollback-unverified"));
    rollout.obeys = true;
    rollout.passes(60);
    expect(rollout.name).toBe("rolled-back");
  });

  test("without probes is proven by 100 decisions after it, none of them for EdgeZero", () => {
    const rollout = new Rollout(PLAN, { ...SITE, probes: false }).begin();
    rollout.command("rollback");
    rollout.pass({ requests: 5 });
    expect(rollout.name).toBe("rolling-back");
    rollout.pass({ requests: 0 }, {}, { decisions: { "epoch-0": 99 } });
    expect(rollout.name).toBe("rolling-back");
    rollout.pass({ requests: 0 }, {}, { decisions: { "epoch-0": 1 } });
    expect(rollout.name).toBe("rolled-back");
  });

  test("loses its proof by a decision for EdgeZero that began after the drain", () => {
    const rollout = new Rollout().begin();
    rollout.command("rollback");
    rollout.passes(20, { requests: 3 });
    expect(rollout.name).toBe("rolled-back");
    rollout.pass({ requests: 3 });
    expect(rollout.name).toBe("rollback-unverified");
  });

  test("is taken over by a reset with a reason, and only so", () => {
    const rollout = new Rollout().begin();
    rollout.obeys = false;
    rollout.command("rollback");
    expect(rollout.command("reset")).toMatchObject({ accepted: false });
    expect(rollout.command("reset", { reason: "gateway 3 is gone" })).toMatchObject({
      accepted: true,
    });
    expect(rollout.name).toBe("idle");
  });

  test("writes 0 again over a raise that it overtook", () => {
    const rollout = new Rollout().begin();
    rollout.passes(7);
    const { state } = rollout;
    rollout.state = {
      ...state,
      raise: { id: "raise-9", stage: 1, from: 10, pct: 50, at: rollout.at, failed: false },
    };
    rollout.command("rollback");
    expect(rollout.name).toBe("rolled-back");
    rollout.pct = 50;
    rollout.readStore();
    expect([rollout.name, rollout.pct]).toEqual(["rolled-back", 0]);
  });
});

test("completed guards nothing any more, and says so", () => {
  const rollout = new Rollout().begin();
  rollout.until("completed");
  rollout.passes(20, { failures: 2000 });
  expect([rollout.name, rollout.pct]).toEqual(["completed", 100]);
});
