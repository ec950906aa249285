import { expect, test } from "vitest";
import { scene } from "../test/scenes.ts";
import type { SceneName } from "../test/scenes.ts";
import type { Acting } from "./acting.ts";
import { actingAfter } from "./acting.ts";
import { firstAction } from "./reading/offered.ts";

const NOW = 1_800_000_000_000;
const viewOf = (name: SceneName): ReturnType<typeof scene>["view"] => scene(name, NOW).view;
const asking = (
  action: Extract<Acting, { kind: "asking" }>["action"],
  { stage }: ReturnType<typeof viewOf>,
): Acting => ({ kind: "asking", action, stage });

test("a question ends where its action is not possible any more", () => {
  const observing = viewOf("healthy");
  const rolledBack = viewOf("rolled-back");
  for (const action of ["pause", "approve", "promote"] as const) {
    const asked = asking(action, observing);
    expect(actingAfter(asked, rolledBack, NOW)).toEqual({ kind: "overtaken", action, at: NOW });
  }
  expect(actingAfter(asking("promote", observing), viewOf("breach"), NOW).kind).toBe("overtaken");
});

test("a question ends where it would be of another stage", () => {
  const [first, later] = [viewOf("observing"), viewOf("healthy")];
  expect(first.stage).not.toBe(later.stage);
  expect(actingAfter(asking("promote", first), later, NOW).kind).toBe("overtaken");
  const pause = asking("pause", first);
  expect(actingAfter(pause, later, NOW)).toBe(pause);
});

test("the question of a rollback stays, whatever comes", () => {
  const asked = asking("rollback", viewOf("observing"));
  for (const name of ["rolled-back", "breach", "healthy"] as const) {
    expect(actingAfter(asked, viewOf(name), NOW)).toBe(asked);
  }
});

test("an answer is not left beside a rollout that went on", () => {
  const view = viewOf("healthy");
  for (const kind of ["taken", "refused"] as const) {
    const answer: Acting = { kind, action: "pause", sentence: "Paused.", at: NOW };
    expect(actingAfter(answer, view, NOW + 10_000)).toBe(answer);
    expect(actingAfter(answer, view, NOW + 20_000)).toEqual({ kind: "nothing" });
  }
  // What may not have reached the controller stays: someone has to look.
  const unknown: Acting = { kind: "unknown", action: "pause", stage: 1, sentence: "It broke off." };
  expect(actingAfter(unknown, view, NOW + 60_000)).toBe(unknown);
});

test("the shortcut of the first action asks for what goes on, and for nothing else", () => {
  expect(firstAction(viewOf("healthy"))).toBe("approve");
  expect(firstAction(viewOf("idle"))).toBe("start");
  expect(firstAction(viewOf("breach"))).toBeNull();
  expect(firstAction(viewOf("rolled-back"))).toBeNull();
});
