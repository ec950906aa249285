import { expect, test } from "vitest";
import { PLAN, Rollout, WINDOW } from "../../test/site.ts";

/** A window passes that a source gives without one of its gateways, which it saw last at `lastSeen`. */
function passWithout(rollout: Rollout, lastSeen: number, failures = 0): void {
  rollout.at += WINDOW;
  const { at } = rollout;
  rollout.readStore();
  const windows = [rollout.window({ failures }, {}, { instances: null })];
  rollout.send({ type: "evidence", at, source: "scrape", newest: lastSeen, windows });
}

test("windows without one of the gateways are no fresh evidence: the clock stops, then it holds and pages", () => {
  const rollout = new Rollout().begin();
  const lastSeen = rollout.at;
  for (let i = 0; i < 4; i += 1) passWithout(rollout, lastSeen);
  const clock = clockOf(rollout);
  for (let i = 0; i < 4; i += 1) passWithout(rollout, lastSeen);
  expect(clockOf(rollout)).toBe(clock);
  for (let i = 0; i < 40; i += 1) passWithout(rollout, lastSeen);
  expect(rollout.name).toBe("held: blind");
  expect(rollout.pages()).toEqual(["blind"]);
  expect(rollout.pct).toBe(10);
  for (let i = 0; i < 3; i += 1) rollout.pass();
  expect(rollout.name).toBe("observing");
});

test("windows without one of the gateways roll back all the same", () => {
  const rollout = new Rollout().begin();
  const lastSeen = rollout.at;
  for (let i = 0; i < 20; i += 1) passWithout(rollout, lastSeen, 20);
  expect(rollout.name).toBe("rolled-back");
});

test("windows of another length are no evidence: it holds and pages", () => {
  const rollout = new Rollout().begin();
  rollout.alter = (window) => ({ ...window, from: window.to - WINDOW / 2 });
  rollout.passes(40, { failures: 20 });
  expect(rollout.name).toBe("held: blind");
  expect(rollout.pages()).toEqual(["blind"]);
  rollout.alter = (window) => window;
  rollout.passes(3);
  expect(rollout.name).toBe("observing");
  expect(PLAN.windowMs).toBe(WINDOW);
});

test("one answer with all windows of a gap does not end a blindness", () => {
  const rollout = new Rollout().begin();
  for (let i = 0; i < 40; i += 1) rollout.pass({}, {}, { from: 0 });
  expect(rollout.name).toBe("held: blind");
  const end = rollout.at + WINDOW;
  const windows = Array.from({ length: 10 }, (_, i) => {
    rollout.at = end - (9 - i) * WINDOW;
    return rollout.window();
  });
  rollout.send({ type: "evidence", at: end, source: "scrape", newest: end, windows });
  expect(rollout.name).toBe("held: blind");
  rollout.passes(1);
  expect(rollout.name).toBe("held: blind");
  rollout.passes(1);
  expect(rollout.name).toBe("observing");
});

function clockOf({ state: { phase } }: Rollout): number {
  return "pass" in phase ? phase.pass.clockMs : -1;
}
