import { explain } from "@edgezero/progression";
import { expect, test } from "vitest";
import { Rollout } from "../test/rollout.ts";
import type { Look } from "./ask-controller.ts";
import { driftText, explainedLines, lookLines } from "./look-text.ts";
import { viewOf } from "./view-of.ts";

const URL_OF = "http://a:8790";

function seen(windows: number): Extract<Look, { kind: "seen" }> {
  const rollout = new Rollout();
  rollout.passes(1);
  if (windows > 0) rollout.command("start");
  rollout.passes(windows);
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
  return { kind: "seen", view: viewOf(explain(state), facts) };
}

const UNSEEN: Look = {
  kind: "unseen",
  finding: { code: "unreachable", message: "nobody listens", todo: "Look.", mayBeDone: false },
};

test("a view is shown with its time, and other values than the store's are told", () => {
  const look = seen(25);
  const { pct, epoch, at } = look.view;
  const same = lookLines(URL_OF, look, { pct: pct ?? -1, epoch: epoch ?? "" });
  expect(same[0]).toBe(`controller ${URL_OF}, as of ${new Date(at).toISOString()}:`);
  expect(same[1]).toMatch(/^ {2}Stage 1 of 2, at 10%/);
  const other = lookLines(URL_OF, look, { pct: 50, epoch: "e50" });
  expect(other[1]).toContain("the controller last read 10% (epoch e10), but this store has 50%");
  expect(other.slice(2)).toEqual(same.slice(1));
});

test("a controller that was not seen is no good news", () => {
  expect(lookLines(URL_OF, UNSEEN, { pct: 10, epoch: "e10" })).toEqual([
    "controller: NOT SEEN, and nothing is known of what it does: nobody listens",
    "→ Look.",
  ]);
});

test("an explanation names every reason why it is not further", () => {
  const { view } = seen(21);
  const lines = explainedLines(URL_OF, view);
  const [first, ...others] = view.reasons;
  expect(first).toBeDefined();
  for (const { sentence } of others) {
    expect(lines.some((line) => line.startsWith(`also: ${sentence}`))).toBe(true);
  }
});

test.each([
  { name: "in a stage", look: seen(25), expected: "a controller leads this rollout (observing" },
  {
    name: "not seen",
    look: UNSEEN,
    expected: "nobody listens. If a controller leads this rollout, it may hold as drifted",
  },
])("a percentage that an operator writes while it is $name is warned of", ({ look, expected }) => {
  expect(driftText(look)).toContain(expected);
});

test("while no rollout is under way, an operator may write what they want", () => {
  expect(driftText(seen(0))).toBeNull();
});
