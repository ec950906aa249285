import { describe, expect, test } from "vitest";
import type { SceneName } from "../../test/scenes.ts";
import { scene, SCENE_NAMES } from "../../test/scenes.ts";
import { blindText, evidenceText, isBlind } from "./freshness.ts";
import { neededFromYou } from "./needed-from-you.ts";
import { nextStep } from "./next-step.ts";
import { offeredActions, promoteRefusal } from "./offered.ts";
import { presentStage, statusOf } from "./status.ts";
import { LABEL_SPACE, TIME_STEPS } from "./time-axis.ts";
import { stayedMs } from "./time-left.ts";

const NOW = Date.UTC(2026, 10, 26, 21, 30);

const SCENES = new Map(SCENE_NAMES.map((name) => [name, scene(name, NOW)]));

function viewOf(name: SceneName) {
  const found = SCENES.get(name);
  if (found === undefined) throw new Error(name);
  return found.view;
}

describe("one thing has one number in all places", () => {
  test("the time left, also between two views, and with the time that was stayed", () => {
    const view = viewOf("healthy");
    const hold = view.reasons.find(({ reason }) => reason === "hold");
    if (hold?.leftMs == null) throw new Error("no time is left");
    for (const left of [47_300, 47_000, 12_100, 900]) {
      const now = view.at + hold.leftMs - left;
      const seconds = `${Math.ceil(left / 1000)} s`;
      const soon = { ...view, reason: "hold" as const, reasons: [hold] };
      expect(statusOf(soon, now).detail).toBe(`${seconds} of the stage's time left`);
      expect(nextStep(soon, now).what).toBe(`100%, in about ${seconds}`);
      const stage = presentStage(soon);
      expect(stage && stayedMs(stage, soon, now)).toBe((stage?.holdMs ?? 0) - left);
    }
  });

  test("what was stayed does not go on while something else is waited for", () => {
    const view = viewOf("blind");
    const stage = presentStage(view);
    expect(stage && stayedMs(stage, view, view.at + 60_000)).toBe(stage?.heldMs);
  });

  test("the age of evidence, which the reason does not tell again", () => {
    const view = viewOf("blind");
    expect(blindText(view)).toBe("Evidence is missing from scrape.");
    expect(evidenceText(view, NOW)).toBe("nothing from scrape");
    const { waitsFor } = view.reasons.find(({ reason }) => reason === "missing") ?? {};
    expect(waitsFor).toBe("fresh evidence");
    expect(nextStep(view, NOW).when).not.toContain(waitsFor);
  });
});

describe("a controller without evidence", () => {
  test.each(SCENE_NAMES)("%s", (name) => {
    expect(isBlind(viewOf(name))).toBe(name === "blind");
  });

  test("stays so until it is fresh for long enough, and asks nothing of the operator", () => {
    const view = viewOf("blind");
    const sources = view.sources.map((source) => ({ ...source, missing: null }));
    const back = { ...view, sources };
    expect(isBlind(back)).toBe(true);
    expect(blindText(back)).toMatch(/has to be fresh for 3 windows/);
    expect(neededFromYou(view)).toMatch(/^See why the source of evidence gave nothing/);
    expect(neededFromYou(back)).toMatch(/^Nothing is needed from you: evidence comes again/);
  });
});

test("where no legacy is left, nothing is said to be worse than legacy", () => {
  const view = { ...viewOf("breach"), pct: 100 };
  expect(statusOf(view).detail).toBe("p95 worse than the ceiling allows");
});

test("a promotion that would be refused says what is waited for instead", () => {
  const view = viewOf("freeze");
  expect(offeredActions(view)).toContain("promote");
  expect(promoteRefusal(view)).toMatch(/^Promote is possible once .* the end of the freeze\.$/);
  expect(promoteRefusal({ ...view, reason: "hold" })).toBeNull();
});

test("a chart as narrow as a phone has two times on its axis, whatever it shows", () => {
  for (const width of [280, 560, 1200]) {
    for (let span = 5; span < 40 * 86_400; span *= 1.07) {
      const step = TIME_STEPS.find((each) => (each * width) / span >= LABEL_SPACE) ?? Infinity;
      expect([span, Math.floor(span / step) >= 2]).toEqual([span, true]);
    }
  }
});
