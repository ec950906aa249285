import type { Happening, TimelineEntry } from "@edgezero/control-api/timeline";
import { pointOf } from "@edgezero/controller/history/thin";
import { describe, expect, test } from "vitest";
import { readAddress, addressOf } from "../address.ts";
import { blindSpans, lastObserved } from "./last-observed.ts";
import { chartColumns, chartMarks, chartTop } from "./chart-data.ts";
import { joinHistory } from "./join-history.ts";
import { isStandingProof } from "./proof.ts";
import { rollbackCommand, shellCommand } from "./shell-command.ts";
import { sparkPath } from "./spark.ts";
import { stageBegin } from "./stage-begin.ts";
import { entryText, listTimeline } from "./timeline-list.ts";
import { agoText, aboutText, measuredText } from "./times.ts";
import { scene } from "../../test/scenes.ts";

const entry = (at: number, happening: Happening, sentence: string): TimelineEntry => ({
  at,
  ...happening,
  sentence,
  who: null,
  reason: null,
});
const ENTRIES = [
  entry(1, { kind: "change", pct: 10, written: true }, "Wrote 10%, after 1%."),
  {
    ...entry(2, { kind: "command", command: "pause", accepted: true }, "Paused."),
    who: "ana",
    reason: "logs",
  },
  {
    ...entry(
      2,
      { kind: "moved", from: "observing", to: "held", held: "one-client" },
      "observing → held: one-client",
    ),
    evidence: "errors: EdgeZero is worse, margin 0.1 points.",
  },
  entry(3, { kind: "change", pct: 0, written: true }, "Wrote 0."),
];

test("lists the latest first, with a key for each", () => {
  const keys = listTimeline(ENTRIES, { kind: "all", text: "" }).map(({ key }) => key);
  expect(keys).toEqual(["3-0", "2-1", "2-0", "1-0"]);
});

test.each([
  { name: "kind", filter: { kind: "change", text: "" }, expected: ["3-0", "1-0"] },
  { name: "words", filter: { kind: "all", text: "WROTE 1" }, expected: ["1-0"] },
  { name: "who", filter: { kind: "all", text: "ana" }, expected: ["2-0"] },
  { name: "reason", filter: { kind: "all", text: "logs" }, expected: ["2-0"] },
  { name: "evidence", filter: { kind: "all", text: "margin 0.1" }, expected: ["2-1"] },
] as const)("filters by $name, and keys stay", ({ filter, expected }) => {
  expect(listTimeline(ENTRIES, filter).map(({ key }) => key)).toEqual(expected);
});

const RESUMED = entry(4, { kind: "command", command: "resume", accepted: false }, "Not paused.");
const MISSED = entry(5, { kind: "change", pct: 25, written: false }, "25% is not written.");
const OUTSIDE = entry(
  6,
  { kind: "outside", from: "observing", to: "rolled-back", held: null },
  "observing → rolled-back",
);

test("says what happened in words, and never more than that", () => {
  expect([...ENTRIES, RESUMED, MISSED, OUTSIDE].map(entryText)).toEqual([
    "Wrote 10%, after 1%.",
    "Paused.",
    "Held: at most two clients fail (one-client)",
    "Wrote 0.",
    "Refused to resume: Not paused.",
    "25% is not written.",
    "Stopped from outside: 0 was set, a key deleted, or the switch turned off",
  ]);
});

test("marks writes, operators, holds and rollbacks by what they are, whatever they say", () => {
  const silent = [...ENTRIES, RESUMED, MISSED, OUTSIDE].map((each) =>
    Object.assign({}, each, { sentence: "" }),
  );
  expect(chartMarks(silent).map(({ at, kind }) => [1000 * at, kind])).toEqual([
    [1, "write"],
    [2, "operator"],
    [2, "trouble"],
    [3, "rollback"],
    [5, "trouble"],
    [6, "rollback"],
  ]);
});

describe("a proof", () => {
  const proof = (proven: boolean) =>
    entry(7, { kind: "proof", proven }, "Rolled back, and verified.");
  const left = (to: "idle" | "rollback-unverified") =>
    entry(9, { kind: "moved", from: "rolled-back", to, held: null }, "");
  const back = entry(7, { kind: "moved", from: "rolling-back", to: "rolled-back", held: null }, "");

  test.each([
    { name: "that stands", timeline: [proof(true), back], kind: "proof" },
    {
      name: "of a rollout that was reset",
      timeline: [proof(true), back, left("idle")],
      kind: "proof",
    },
    { name: "that failed", timeline: [proof(false)], kind: "no-proof" },
    {
      name: "that was revoked",
      timeline: [proof(true), back, left("rollback-unverified")],
      kind: "no-proof",
    },
  ])("$name has the mark $kind", ({ timeline, kind }) => {
    expect(chartMarks(timeline)[0]?.kind).toBe(kind);
    const [listed] = listTimeline(timeline, { kind: "proof", text: "" });
    expect(listed !== undefined && isStandingProof(listed, timeline)).toBe(kind === "proof");
  });

  test("that failed says so before all else", () => {
    expect(entryText(proof(false))).toBe("NOT verified: Rolled back, and verified.");
    const own = { ...proof(false), sentence: "Rolled back in the store. NOT verified: x." };
    expect(entryText(own)).toBe(own.sentence);
  });
});

const HISTORY = {
  at: [0, 1000, 2000, 3000],
  pct: [0, 10, 10, 10],
  share: [0, 0.05, null, 0.1],
  signals: { errors: [null, 1, 2, 3] },
};

test("shows shares in per cent, from the stage on, with gaps", () => {
  expect(chartColumns(HISTORY, "all", 1000, 3000)).toEqual([
    [0, 1, 2, 3],
    HISTORY.pct,
    [0, 5, null, 10],
  ]);
  expect(chartColumns(HISTORY, "stage", 70_000, 90_000)).toEqual([[], [], []]);
  expect(chartTop(chartColumns(HISTORY, "all", 0, 0))).toBe(15);
  expect(chartTop([[], [], []])).toBe(2);
});

test("knows when the stage began, also after a rollback", () => {
  expect(stageBegin(HISTORY, { pct: 10, at: 3000 })).toBe(1000);
  const back = { ...HISTORY, at: [...HISTORY.at, 4000], pct: [...HISTORY.pct, 0] };
  expect(stageBegin(back, { pct: 0, at: 4000 })).toBe(1000);
});

test("draws a sparkline of a stage, broken where values are not known", () => {
  expect(sparkPath(HISTORY, "errors", 1000)).toBe("M0.0 95.0L50.0 50.0L100.0 5.0");
  const gap = { ...HISTORY, signals: { errors: [1, null, 2, 3] } };
  expect(sparkPath(gap, "errors", 0).match(/M/g)).toHaveLength(2);
  expect(sparkPath(HISTORY, "nothing", 0)).toBe("");
});

test("a view goes on with the history, once", () => {
  const { view, history } = scene("thin", Date.UTC(2026, 10, 26));
  const later = { ...view, at: view.at + 15_000 };
  const joined = joinHistory(history, later);
  expect(joined.at.at(-1)).toBe(later.at);
  expect(joined.at).toHaveLength(history.at.length + 1);
  expect(joinHistory(joined, later)).toBe(joined);
  for (const column of Object.values(joined.signals)) expect(column).toHaveLength(joined.at.length);
});

test.each(["blind", "no-traffic"] as const)("%s: nothing old goes on as observed", (name) => {
  const { view, history } = scene(name, Date.UTC(2026, 10, 26));
  const later = { ...view, at: view.at + 15_000, observedShare: 0.1 };
  const joined = joinHistory(history, later);
  expect(pointOf(later).share).toBeNull();
  expect(joined.share.at(-1)).toBeNull();
  for (const column of Object.values(joined.signals)) expect(column.at(-1)).toBeNull();
  const columns = chartColumns(joined, "all", 0, view.at);
  const last = lastObserved(columns);
  expect(last?.part).toBeGreaterThan(5);
  expect(blindSpans(columns).at(-1)).toEqual({ from: last?.at, to: columns[0].at(-1) });
});

test("a time without a value is blind from the value before it to the one after it", () => {
  expect(blindSpans([[1, 2, 3, 4, 5], [], [null, 2, null, null, 3]])).toEqual([
    { from: 1, to: 2 },
    { from: 2, to: 5 },
  ]);
  expect(blindSpans([[1, 2], [], [1, 2]])).toEqual([]);
  expect(lastObserved([[1, 2], [], [null, null]])).toBeNull();
});

test("reads addresses, and gives odd ones the list", () => {
  expect(readAddress("#/eu%2Fwest/12-0")).toEqual({ environment: "eu/west", entry: "12-0" });
  expect(readAddress(addressOf("a b", "3-1"))).toEqual({ environment: "a b", entry: "3-1" });
  for (const hash of ["", "#", "#/", "#/%E0%A4%A"]) {
    expect(readAddress(hash)).toEqual({ environment: null, entry: null });
  }
});

test.each([
  { action: "start", command: "start --env production --controller https://ops.example/r/" },
  { action: "pause", command: "pause --env production --controller https://ops.example/r/" },
  { action: "resume", command: "resume --env production --controller https://ops.example/r/" },
  {
    action: "approve",
    command: "approve --env production --stage 3 --controller https://ops.example/r/",
  },
  { action: "promote", command: "promote --env production --controller https://ops.example/r/" },
  { action: "reset", command: "reset --env production --controller https://ops.example/r/" },
  { action: "rollback", command: "rollback --env production" },
] as const)("what to type in place of $action", ({ action, command }) => {
  const view = { name: "production", stage: 3, state: "observing" } as const;
  expect(shellCommand(action, view, "https://ops.example/r/")).toBe(`edgezero-rollout ${command}`);
});

test("a reset that takes over an unproven rollback asks for a reason in a shell, too", () => {
  const view = { name: "a b", stage: null, state: "rollback-unverified" } as const;
  expect(shellCommand("reset", view, "http://127.0.0.1:8790/")).toBe(
    `edgezero-rollout reset --env 'a b' --reason "…" --controller http://127.0.0.1:8790/`,
  );
});

test("what to type is safe in a shell", () => {
  expect(rollbackCommand("eu-west.1")).toBe("edgezero-rollout rollback --env eu-west.1");
  expect(rollbackCommand("a'; rm")).toBe(`edgezero-rollout rollback --env 'a'\\''; rm'`);
});

test("times are in words", () => {
  expect([0, 3000, 61_000, 7_300_000, 200_000_000].map((ms) => agoText(0, ms))).toEqual([
    "just now",
    "3 s ago",
    "1 min ago",
    "2 h ago",
    "2 d ago",
  ]);
  expect([400, 89_000, 91_000, 6_390_000].map(aboutText)).toEqual([
    "1 s",
    "89 s",
    "2 min",
    "1 h 47 min",
  ]);
  expect([0, 49, 50, 840, 12_400].map(measuredText)).toEqual([
    "under 0.1 s",
    "under 0.1 s",
    "0.1 s",
    "0.8 s",
    "12 s",
  ]);
});
