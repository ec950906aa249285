import { explain, readSignal } from "@edgezero/progression";
import { expect, test } from "vitest";
import { Rollout, START } from "../test/rollout.ts";
import type { EnvironmentView } from "./environment-view.ts";
import { environmentView } from "./environment-view.ts";
import { unavailableView } from "./unavailable-view.ts";
import { viewOf } from "./view-of.ts";
import { explanationLines, viewLines } from "./view-text.ts";

function viewed(
  rollout: Rollout,
  more: Partial<Parameters<typeof viewOf>[1]> = {},
): EnvironmentView {
  const { state } = rollout;
  const known = {
    store: "file:./rollout.json",
    observedShare: null,
    clients: null,
    legacyBy: null,
    sources: [],
    timeline: [],
  };
  const facts = { name: "production", state, ...known };
  const view = viewOf(explain(state), { ...facts, ...more });
  // What is shown is what the schema promises, and JSON.
  expect(environmentView.parse(JSON.parse(JSON.stringify(view)))).toEqual(view);
  return view;
}

function observing(): Rollout {
  const rollout = new Rollout();
  rollout.passes(1);
  rollout.command("start");
  rollout.passes(25);
  return rollout;
}

test("before the first event it knows no percentage and no stage", () => {
  expect(viewed(new Rollout())).toMatchObject({
    name: "production",
    state: "idle",
    reason: null,
    stage: null,
    pct: null,
    observedShare: null,
    next: 10,
    pages: [],
    rail: [
      { number: 1, pct: 10, status: "ahead", heldMs: null, approval: "needed" },
      { number: 2, pct: 50, status: "ahead", heldMs: null, approval: "not-needed" },
    ],
  });
});

test("a store that was not read for three windows is said to be unread, until it is read again", () => {
  const rollout = new Rollout();
  rollout.passes(1);
  const readAt = rollout.at;
  const later = (ms: number): EnvironmentView => {
    rollout.send({ type: "tick", at: readAt + ms });
    return viewed(rollout);
  };
  expect(later(45_000)).toMatchObject({ pct: 0, storeUnreadSince: null });
  const unread = later(45_001);
  expect(unread).toMatchObject({ state: "idle", pct: 0, storeUnreadSince: readAt });
  expect(viewLines(unread)).toContain(
    `the store was last read ${new Date(readAt).toISOString()}: it may have other values by now`,
  );
  rollout.at += 60_000;
  rollout.passes(1);
  expect(viewed(rollout).storeUnreadSince).toBeNull();
  expect(viewLines(viewed(rollout)).join("\n")).not.toContain("last read");
});

test("in a stage it has the rail, the hold and each signal's reading with what it came from", () => {
  const view = viewed(observing(), { observedShare: 0.098 });
  expect(view).toMatchObject({
    state: "observing",
    reason: "hold",
    stage: 1,
    pct: 10,
    epoch: "e10",
    observedShare: 0.098,
    next: 50,
  });
  expect(view.rail[0]).toMatchObject({ status: "present", holdMs: 120_000, approval: "needed" });
  expect(view.rail[0]?.heldMs).toBeGreaterThan(0);
  expect(view.signals.map(({ name, breach }) => [name, breach])).toEqual([
    ["errors", "rollback"],
    ["timeouts", "rollback"],
    ["p95", "hold"],
  ]);
  for (const signal of view.signals) {
    expect(signal).toMatchObject(readSignal(signal.basis.signal, signal.basis.evidence));
  }
});

test("shows an approval that was given, and asks for none of a passed stage", () => {
  const rollout = observing();
  rollout.command("approve", { stage: 1 });
  expect(viewed(rollout).rail[0]).toMatchObject({ status: "present", approval: "given" });
  rollout.passes(20);
  expect(viewed(rollout).rail).toMatchObject([
    { status: "passed", approval: "not-needed", heldMs: null },
    { status: "present", approval: "not-needed" },
  ]);
});

test("a reason to hold is shown as such, and as a page with its incident", () => {
  const rollout = observing();
  rollout.passes(2, 0, true);
  const view = viewed(rollout);
  expect(view).toMatchObject({ state: "held", reason: "no-traffic", held: ["no-traffic"] });
  const [page] = view.pages;
  expect(page?.reason).toBe("no-traffic");
  expect(page?.since).toBeGreaterThan(START);
  expect(page?.incident).toBe(`no-traffic-${page?.since}`);
});

test("a percentage below the first stage is no stage", () => {
  const rollout = observing();
  rollout.pct = 3;
  rollout.passes(2);
  expect(viewed(rollout)).toMatchObject({ reason: "drifted", stage: null, pct: 3 });
});

test("a write that came back is newer than the read before it", () => {
  const rollout = observing();
  const { store } = rollout.state;
  expect(store?.pct).toBe(10);
  rollout.at += 5_000;
  rollout.send({ type: "tick", at: rollout.at });
  rollout.command("rollback");
  expect(viewed(rollout)).toMatchObject({ pct: 10, rollback: { writtenAt: null, attempts: 1 } });
  const { phase } = rollout.state;
  const id = "rollback" in phase ? phase.rollback.id : "";
  rollout.send({ type: "zeroed", at: rollout.at, id, written: true, epoch: "e0" });
  expect(rollout.state.store).toEqual(store);
  expect(viewed(rollout)).toMatchObject({
    pct: 0,
    epoch: "e0",
    rollback: { cause: "ana asked for it.", writtenAt: rollout.at },
  });
});

test("the store counts again once it was read since the write", () => {
  const rollout = observing();
  rollout.command("rollback");
  const { phase } = rollout.state;
  const id = "rollback" in phase ? phase.rollback.id : "";
  rollout.send({ type: "zeroed", at: rollout.at, id, written: true, epoch: "e0" });
  rollout.pct = 3;
  rollout.passes(1);
  expect(viewed(rollout).pct).toBe(3);
});

test("keeps the latest of a long timeline", () => {
  const timeline = Array.from({ length: 300 }, (_, at) => {
    const moved = { kind: "moved", from: "observing", to: "held", held: "breach" } as const;
    return { at, ...moved, sentence: "", who: null, reason: null };
  });
  const view = viewed(new Rollout(), { timeline });
  expect([view.timeline.length, view.timeline.at(-1)?.at]).toEqual([200, 299]);
});

test("as text it says where it is, what it waits for, the rail, and each signal", () => {
  const rollout = observing();
  const sources = [
    { name: "events", location: "b", newest: 1, missing: null, note: "not all events count" },
    { name: "scrape", location: "http://a", newest: null, missing: "unreachable", note: "old" },
  ];
  const view = viewed(rollout, { observedShare: 0.098, sources });
  const lines = viewLines(view);
  expect(lines[0]).toMatch(
    /^Stage 1 of 2, at 10%: observing\. The stage's time has [\d ms]+ left\.$/,
  );
  expect(lines.slice(1, 4)).toEqual([
    "waits for: the rest of the stage's time",
    expect.stringMatching(/^rail: \[10% .* of 2 m \(approval\)\] · 50%$/),
    "share: 10% configured, 9.8% observed",
  ]);
  expect(lines[4]).toBe("store: file:./rollout.json");
  expect(lines[5]).toMatch(
    /^errors {4}0\.00% against 0\.11% · margin 0\.10 · \d+% of the evidence to roll back · [\d,]+ of [\d,]+$/,
  );
  expect(lines.some((line) => line.startsWith("clients"))).toBe(false);
  expect(lines.slice(-2)).toEqual([
    "evidence is missing from scrape (http://a): unreachable",
    "evidence from events: not all events count",
  ]);
  const words = explanationLines(view);
  expect(words.slice(0, lines.length)).toEqual(lines);
  expect(words.some((line) => line.startsWith("errors: "))).toBe(true);
});

test("says how many clients fail, of a rollback when it began, and nothing old", () => {
  const counted = { to: 1, edgezero: { all: 41, failing: 3 }, legacy: { all: 1402, failing: 9 } };
  const view = viewed(observing(), { clients: counted });
  const line = "3 of about 41 on EdgeZero, 9 of about 1,402 on legacy";
  expect(viewLines(view)).toContain(`clients that failed in the minute: ${line}`);
  const rollback = { cause: "", since: 1, writtenAt: 1, attempts: 1 };
  expect(viewLines({ ...view, held: ["blind"], rollback })).toContain(
    `clients that failed in the minute before the rollback: ${line}`,
  );
  for (const held of ["blind", "no-traffic"] as const) {
    expect(viewLines({ ...view, held: [held] }).join("\n")).not.toContain("clients");
  }
  const { clients: _, ...older } = view;
  expect(viewLines(older).join("\n")).not.toContain("clients");
});

test("a source's address is told once", () => {
  const location = "http://a:9464/metrics";
  const missing = `unreachable: ${location}: the connection was refused`;
  const source = { name: "scrape", location, newest: null, missing };
  const lines = viewLines(viewed(observing(), { sources: [source] }));
  expect(lines.at(-1)).toBe(`evidence is missing from scrape: ${missing}`);
});

test("an environment that cannot be run pages, and shows nothing that only a running rollout knows", () => {
  const facts = {
    name: "staging",
    why: "its state is damaged",
    waitsFor: "an operator",
    store: null,
  };
  const view = unavailableView({ ...facts, since: 1000, at: 2000 });
  expect(environmentView.parse(JSON.parse(JSON.stringify(view)))).toEqual(view);
  expect(view).toMatchObject({
    state: "unavailable",
    pct: null,
    pages: [{ incident: "unavailable-1000", reason: "unavailable", since: 1000 }],
  });
  expect(viewLines(view)[0]).toContain("guards nothing in it: its state is damaged.");
});
