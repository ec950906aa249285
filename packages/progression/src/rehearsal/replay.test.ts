import { expect, test } from "vitest";
import type { RecordedStretch } from "../../test/recorded.ts";
import { ndjson, recorded } from "../../test/recorded.ts";
import { changed, START } from "../../test/site.ts";
import type { RolloutPlan } from "../plan/rollout-plan.ts";
import { expandPlan } from "../plan/short-plan.ts";
import type { Replay } from "./course.ts";
import { parseRecording } from "./parse-recording.ts";
import { replay } from "./replay.ts";

const MINUTE = 60_000;
const PLAN = expandPlan([
  { pct: 10, hold: "5m" },
  { pct: 50, hold: "5m" },
]);
const LEGACY = { pct: 0, windows: 40 };
/** As the plan itself would have gone: its holds, and a little more. */
const USUAL: readonly RecordedStretch[] = [
  LEGACY,
  { pct: 10, windows: 22 },
  { pct: 50, windows: 24 },
];

function replayed(plan: RolloutPlan, stretches: readonly RecordedStretch[], rps = 200): Replay {
  const { recording } = parseRecording(ndjson(recorded(PLAN, { rps }, stretches)));
  if (recording === null) throw new Error("no recording");
  return replay(plan, recording);
}

test("the plan that was recorded does what it did", () => {
  const again = replayed(PLAN, USUAL);
  expect(again.startedAt).toBe(START + 40 * 15_000);
  expect(again.stages.map(({ pct }) => pct)).toEqual([10, 50]);
  expect(again.end.state).toBe("completed");
  expect(again).toMatchObject({ unrecorded: [], rollback: null, windowMs: 15_000 });
});

test("the same recording and seed give the same bytes", () => {
  const stretches = [LEGACY, { pct: 50, windows: 100 }];
  const text = (): string => JSON.stringify(replayed(PLAN, stretches));
  expect(text()).toBe(text());
});

test("a fault that the recording has is found, under any plan that watches for it", () => {
  const faulty = [LEGACY, { pct: 10, windows: 60, failures: 0.03 }];
  const { rollback, end } = replayed(PLAN, faulty);
  expect(rollback).toMatchObject({ pct: 10, cause: { kind: "worse", signal: "errors" } });
  expect(end.state).toBe("rolled-back");
  const held = replayed(changed(PLAN, {}, { errors: { breach: "hold" } }), faulty);
  expect(held).toMatchObject({ rollback: null, end: { state: "held" } });
});

test("a longer hold delays the next stage", () => {
  const patient = changed(PLAN, { holdMs: 8 * MINUTE });
  const { stages } = replayed(patient, [
    LEGACY,
    { pct: 10, windows: 50 },
    { pct: 50, windows: 60 },
  ]);
  expect((stages[1]?.fromMs ?? 0) - (stages[0]?.fromMs ?? 0)).toBeGreaterThanOrEqual(8 * MINUTE);
});

test("where EdgeZero had more than the plan gives it, a part of its requests counts", () => {
  const small = expandPlan([{ pct: 5, hold: "5m" }]);
  const { stages, end } = replayed(small, [LEGACY, { pct: 50, windows: 24 }]);
  const windows = 22;
  expect(end.state).toBe("completed");
  expect((stages[0]?.requests ?? 0) / (windows * 200 * 15 * 0.05)).toBeCloseTo(1, 0);
});

test("where EdgeZero had less, the plan waits with its clock stopped, and holds nothing against it", () => {
  const hasty = changed(PLAN, { holdMs: MINUTE });
  const { timeline, stages, waitedMs, end } = replayed(hasty, USUAL);
  expect(timeline).toContainEqual(expect.objectContaining({ type: "unrecorded", pct: 50 }));
  expect(waitedMs).toBeGreaterThan(3 * MINUTE);
  expect((stages[1]?.toMs ?? 0) - (stages[1]?.fromMs ?? 0)).toBeGreaterThan(waitedMs + MINUTE);
  expect(end.state).toBe("completed");
  const pages = timeline.filter((one) => one.type === "effect" && one.effect.type === "page");
  expect(pages).toEqual([]);
});

test("a plan that goes further than the recording ends there, unfinished", () => {
  const { end, completedAtMs, waitedMs } = replayed(PLAN, [LEGACY, { pct: 10, windows: 100 }]);
  expect(completedAtMs).toBeNull();
  expect(end.state).toBe("observing");
  expect(waitedMs).toBeGreaterThan(MINUTE);
});

test("whole traffic on EdgeZero says nothing of a stage with legacy beside it", () => {
  const { waitedMs, stages } = replayed(PLAN, [LEGACY, { pct: 100, windows: 30 }]);
  expect(waitedMs).toBeGreaterThan(5 * MINUTE);
  expect(stages[0]?.requests).toBe(0);
});

test("a signal that the recording does not have is named, and keeps the plan where it is", () => {
  const [errors] = PLAN.signals;
  if (errors === undefined) throw new Error("no signal");
  const more = { ...PLAN, signals: [...PLAN.signals, { ...errors, name: "wins", weight: 1 }] };
  const { unrecorded, stages, completedAtMs } = replayed(more, USUAL);
  expect(unrecorded).toEqual(["wins"]);
  expect(stages).toHaveLength(1);
  expect(completedAtMs).toBeNull();
});

test("a source that was silent makes the plan blind, as it was", () => {
  const lines = recorded(PLAN, { rps: 200 }, USUAL);
  const from = 40 + 5;
  const silent = lines.map((line, i) => {
    if (line.type !== "window" || i < from || i >= from + 15) return line;
    return { type: "silence", source: line.source, at: line.to } as const;
  });
  const { recording } = parseRecording(ndjson(silent));
  if (recording === null) throw new Error("no recording");
  const { timeline } = replay(PLAN, recording);
  expect(timeline).toContainEqual(
    expect.objectContaining({ effect: expect.objectContaining({ reason: "blind" }) as unknown }),
  );
});
