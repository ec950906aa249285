import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import { COMMAND_TABLE } from "@edgezero/progression";
import { describe, expect, test } from "vitest";
import type { SceneName } from "../../test/scenes.ts";
import { scene, SCENE_NAMES } from "../../test/scenes.ts";
import { healthOf, signalHealth, worstFirst } from "./health.ts";
import { intervalAxis } from "./interval-axis.ts";
import { neededFromYou } from "./needed-from-you.ts";
import { nextStep } from "./next-step.ts";
import { offeredActions } from "./offered.ts";
import { rollbackSteps } from "./proof.ts";
import { sentenceText } from "./signal-texts.ts";
import { statusOf } from "./status.ts";

const NOW = Date.UTC(2026, 10, 26, 21, 30);
const SCENES = new Map(SCENE_NAMES.map((name) => [name, scene(name, NOW)]));

function viewOf(name: SceneName) {
  const found = SCENES.get(name);
  if (found === undefined) throw new Error(name);
  return found.view;
}

const STATUS: readonly (readonly [SceneName, RegExp])[] = [
  ["idle", /^Idle at 0% · no rollout is under way$/],
  ["warming-up", /^Warming up at 0% · learning how legacy behaves$/],
  ["propagating", /^Moving to 10% · the write is on its way to every gateway$/],
  ["thin", /^Waiting at 1% · not enough evidence: \d\d of 100 requests on EdgeZero$/],
  ["healthy", /^Observing at 50% · \d+ h \d+ min of the stage's time left$/],
  ["breach", /^Held at 10% · p95 worse than legacy$/],
  ["blind", /^Held at 10% · evidence is missing from scrape$/],
  ["no-traffic", /^Held at 10% · neither path has any requests$/],
  ["drifted", /^Held at 25% · someone else set 25%$/],
  ["share", /^Held at 10% · EdgeZero gets \d\d(?:\.\d)?%, not 10%$/],
  ["freeze", /^Waiting at 10% · a freeze is on$/],
  ["awaiting-approval", /^Waiting for approval at 50% · stage 3 needs an operator's approval$/],
  ["paused", /^Paused at 10% · verdicts go on, and can roll back$/],
  ["rolling-back", /^Rolling back to 0% · 0 is not written yet$/],
  ["proving", /^Rolling back to 0% · 0 is written, and not proven yet$/],
  [
    "rolled-back",
    /^Rolled back to 0% · EdgeZero was proven worse than the plan allows, by the signal errors$/,
  ],
  [
    "rolled-back-outside",
    /^Stopped from outside · the key edgezero_rollout_pct is missing from the store$/,
  ],
  ["rollback-revoked", /^Rolled back, NOT verified · clients may still get EdgeZero$/],
  ["incident", /^Held at 10% · both paths fail more than the ceiling of 2% allows$/],
  ["rollback-unverified", /^Rolled back, NOT verified · clients may still get EdgeZero$/],
  ["completed", /^Completed at 100% · nothing is guarded any more$/],
];

test.each(STATUS)("the status of %s in one line", (name, expected) => {
  const { headline, detail } = statusOf(viewOf(name));
  expect(`${headline} · ${detail}`).toMatch(expected);
});

test.each(["idle", "completed", "paused", "rolled-back", "rollback-unverified"] as const)(
  "%s says since when the store was not read, and is not calm about it",
  (name) => {
    const view = viewOf(name);
    const before = statusOf(view);
    const { tone, headline, detail } = statusOf({ ...view, storeUnreadSince: view.at - 40_000 });
    expect(headline).toBe(before.headline);
    expect(detail).toBe(`${before.detail}; the store was last read 40 s ago`);
    expect(tone).toBe(before.tone === "bad" ? "bad" : "caution");
  },
);

/** EdgeZero and legacy above the ceiling in the stage as a whole. */
function aboveCeilingView(late: number): EnvironmentView {
  const view = viewOf("observing");
  const signals = view.signals.map((signal) => {
    if (signal.name !== "errors") return signal;
    const evidence = { ...signal.basis.evidence, recent: { hits: late * 1000, trials: 1000 } };
    return { ...signal, canary: 0.021, control: 0.021, basis: { ...signal.basis, evidence } };
  });
  return { ...view, signals };
}

describe("health", () => {
  const healthy: ReadonlySet<SceneName> = new Set(["healthy", "awaiting-approval", "freeze"]);
  test.each(SCENE_NAMES.filter((name) => !healthy.has(name)))("%s is not shown as good", (name) => {
    expect(healthOf(viewOf(name)).tone).not.toBe("good");
  });

  test("is good only where every signal is within its margin", () => {
    expect(healthOf(viewOf("healthy"))).toEqual({
      tone: "good",
      text: "All 3 signals within their margins",
    });
  });

  test.each([
    ["rolled-back", "off", "Safe: legacy serves all"],
    ["rolled-back-outside", "off", "Legacy serves all that is seen"],
    ["rollback-revoked", "bad", "Clients may still get EdgeZero"],
    ["no-traffic", "caution", "Not known: no requests come"],
    ["blind", "caution", "Not known: no evidence comes"],
    ["incident", "bad", "No: both paths fail"],
  ] as const)("of %s is %s: %s", (name, tone, text) => {
    expect(healthOf(viewOf(name))).toEqual({ tone, text });
  });

  test("is not harm where a source answers again, and its data is not fresh for long enough", () => {
    const view = viewOf("blind");
    const sources = view.sources.map((source) => ({ ...source, missing: null }));
    expect(healthOf({ ...view, sources }).text).toBe("Not known: evidence is not fresh");
  });

  test.each([
    ["rolled-back", null, "Rollback proven, not seen in traffic yet"],
    ["rolled-back", 0.012, "1.2% on EdgeZero in the last minute"],
    ["rolled-back-outside", null, "Legacy by the store, not proven"],
    ["idle", null, "Nothing to judge: legacy by the store"],
    ["idle", 0, "Nothing to judge: legacy serves all"],
    ["idle", 0.012, "1.2% on EdgeZero in the last minute"],
    ["warming-up", null, "Nothing to judge: legacy by the store"],
  ] as const)("%s is not safe while the share is %s", (name, observedShare, text) => {
    expect(healthOf({ ...viewOf(name), observedShare }).text).toBe(text);
  });

  test("of a store that is not read nothing is known, whatever it had", () => {
    const view = viewOf("idle");
    expect(healthOf({ ...view, storeUnreadSince: view.at - 40_000 })).toEqual({
      tone: "caution",
      text: "Not known: the store is not read",
    });
  });

  test("a rollback whose source gives nothing any more is not seen in traffic", () => {
    const view = viewOf("rolled-back");
    const sources = view.sources.map((source) => ({ ...source, missing: "unreachable" }));
    expect(healthOf({ ...view, sources }).text).toBe("Rollback proven, not seen in traffic yet");
  });

  test("no signal has a sign of anything without requests", () => {
    const view = viewOf("no-traffic");
    for (const signal of view.signals) {
      expect(signalHealth(signal, view)).toMatchObject({ word: "no requests now", isThin: true });
    }
  });

  test("both paths above the ceiling are no good sign, before they count as an incident", () => {
    const view = aboveCeilingView(0.021);
    expect(healthOf(view)).toEqual({
      tone: "caution",
      text: "errors: above its ceiling of 2% on both paths",
    });
    expect(neededFromYou(view)).toBe(
      "Watch errors: above its ceiling of 2% on both paths. It is held if that lasts.",
    );
  });

  test("a ceiling that was passed earlier in the stage is told with the value of late", () => {
    const view = aboveCeilingView(0.005);
    expect(healthOf(view).text).toBe("errors: above its ceiling of 2% earlier");
    expect(neededFromYou(view)).toBe(
      "The signal errors was above its ceiling of 2% earlier in this stage, and is at 0.5% of late.",
    );
  });

  test("in an incident the signal that fails of late says so, whatever the stage as a whole reads", () => {
    const view = viewOf("incident");
    const errors = view.signals.find(({ name }) => name === "errors");
    expect(errors?.canary).toBeLessThan(0.02);
    expect(errors && signalHealth(errors, view).word).toBe("above its ceiling of 2%");
  });

  test("the signal that was proven worse comes first", () => {
    const view = viewOf("breach");
    expect(view.signals[0]?.name).toBe("errors");
    expect(worstFirst(view).map(({ name }) => name)).toEqual(["p95", "errors", "timeouts"]);
  });

  test("says so where the proof and the interval that is drawn differ", () => {
    const worse = viewOf("rolled-back").signals.find(({ verdict }) => verdict === "worse");
    if (worse === undefined) throw new Error("no signal was proven worse");
    expect(sentenceText({ ...worse, lower: 0.02 })).not.toMatch(/another test/);
    for (const lower of [0, null]) {
      expect(sentenceText({ ...worse, lower })).toMatch(/another test than the interval/);
    }
  });

  test("thin data and old data are thin, whatever they read", () => {
    for (const name of ["thin", "blind"] as const) {
      const view = viewOf(name);
      for (const signal of view.signals) {
        expect(signalHealth(signal, view)).toMatchObject({ isThin: true });
      }
    }
  });
});

describe("what is next", () => {
  test.each([
    ["idle", "Nothing by itself", /^until an operator's start$/],
    [
      "healthy",
      /^100%, in about \d+ h \d+ min$/,
      /^after the rest of the stage's time and an operator's approval, unless harm shows$/,
    ],
    ["blind", /^50%, at least 1 h \d+ min after it goes on$/, /^it waits for fresh data/],
    ["propagating", /^10% at every gateway$/, /^then 50%, 2 h later at the earliest$/],
    ["awaiting-approval", "100%, as soon as it is approved", /approval, unless harm shows$/],
    ["rolled-back", "Nothing by itself", /reset, and a start$/],
  ] as const)("of %s", (name, what, when) => {
    const next = nextStep(viewOf(name), NOW);
    expect(next.what).toMatch(what);
    expect(next.when).toMatch(when);
  });

  test("the time runs down between two views", () => {
    const view = viewOf("healthy");
    expect(nextStep(view, NOW + 600_000)).not.toEqual(nextStep(view, NOW));
  });
});

test("offers only what the state takes, and says what it needs", () => {
  for (const [name, { view }] of SCENES) {
    const isLed = view.state !== "unavailable" && view.state !== "following";
    const row = isLed ? COMMAND_TABLE[view.state] : undefined;
    for (const action of offeredActions(view)) {
      expect(row?.[action], `${name}: ${action}`).toBeNull();
    }
    expect(row?.rollback).toBeNull();
    expect(neededFromYou(view)).not.toBe("");
  }
});

test.each([
  [
    "rolling-back",
    [
      ["written", "under-way"],
      ["proven", "ahead"],
    ],
  ],
  [
    "proving",
    [
      ["written", "done"],
      ["proven", "under-way"],
    ],
  ],
  [
    "rolled-back",
    [
      ["written", "done"],
      ["proven", "done"],
    ],
  ],
  [
    "rollback-unverified",
    [
      ["written", "done"],
      ["proven", "not-proven"],
    ],
  ],
  ["healthy", []],
] as const)("the steps of a rollback: %s", (name, expected) => {
  const steps = rollbackSteps(viewOf(name), NOW);
  expect(steps.map((step) => [step.name, step.status])).toEqual(expected);
});

test("a proven rollback says how long it took, and an unproven one why", () => {
  expect(rollbackSteps(viewOf("rolled-back"), NOW)[1]?.text).toBe(
    "Proven in 0.8 s: every gateway seen serves legacy",
  );
  expect(rollbackSteps(viewOf("rollback-unverified"), NOW)[1]?.text).toMatch(
    /^NOT verified: http:/,
  );
  expect(rollbackSteps(viewOf("rollback-revoked"), NOW)[1]?.text).toBe(
    "NOT verified: clients got EdgeZero after it was proven",
  );
});

test("a 0 from outside says what the store has, and where that is not known, that", () => {
  const view = viewOf("rolled-back-outside");
  expect(statusOf({ ...view, legacyBy: "switched-off" }).detail).toBe(
    "edgezero_enabled in the store is not on",
  );
  expect(statusOf({ ...view, legacyBy: null }).detail).toMatch(/^someone else wrote 0, deleted/);
  expect(rollbackSteps(view, NOW).map(({ status }) => status)).toEqual(["ahead", "ahead"]);
  expect(neededFromYou(view)).toMatch(/Write 0 and prove it.* start again at 1%\.$/);
});

test("after a rollback it says what to do, and that the page cannot see a mended fault", () => {
  expect(neededFromYou(viewOf("rolled-back"))).toMatch(
    /at 0% this page cannot see whether that is done\. Then reset, and start again at 1%\.$/,
  );
});

test("what is on its way is the write, and not an older read or the stage below it", () => {
  const view = viewOf("propagating");
  for (const [pct, expected] of [
    [1, "Moving to 10%"],
    [25, "Moving to 25%"],
  ] as const) {
    expect(statusOf({ ...view, pct }).headline).toBe(expected);
  }
});

test("no step of a rollback is done that nobody has proven", () => {
  for (const [name, { view }] of SCENES) {
    const proven = rollbackSteps(view, NOW).find((step) => step.name === "proven");
    expect([name, proven?.status === "done"]).toEqual([name, name === "rolled-back"]);
  }
});

test("an operator hears what would come instead, where a signal shows a sign of harm", () => {
  const view = viewOf("observing");
  const signals = view.signals.map((signal) =>
    signal.name === "errors" ? { ...signal, verdict: "undecided" as const, evidence: 0.5 } : signal,
  );
  expect(nextStep({ ...view, signals }, NOW).when).toMatch(
    /; 0% at once if EdgeZero is proven worse in errors$/,
  );
  expect(nextStep(view, NOW).when).not.toMatch(/0%/);
});

test("an interval is where its numbers are: beyond the margin only where it is worse", () => {
  const worse = viewOf("breach").signals.find(({ verdict }) => verdict === "worse");
  const [fine] = viewOf("healthy").signals;
  for (const signal of [worse, fine]) {
    const axis = signal === undefined ? null : intervalAxis(signal);
    expect(axis?.marginUp).toBeGreaterThan(axis?.legacy ?? 1);
    const isBeyond = (axis?.interval?.from ?? 0) > (axis?.marginUp ?? 0);
    expect(isBeyond).toBe(signal === worse);
  }
});
