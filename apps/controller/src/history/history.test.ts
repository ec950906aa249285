import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { EvidenceWindow } from "@edgezero/progression";
import type { RecordingHead } from "@edgezero/progression/rehearsal";
import { parseRecording } from "@edgezero/progression/rehearsal";
import { afterEach, beforeEach, expect, test } from "vitest";
import { VIEW } from "../../test/api/fake-environments.ts";
import type { DayFiles } from "./day-files.ts";
import { dayFiles } from "./day-files.ts";
import type { KeptHistory } from "./history.ts";
import { openHistory } from "./history.ts";

const WINDOW = 15_000;
const DAY = 86_400_000;
const BEGIN = Date.UTC(2026, 10, 26, 23, 59);
const HEAD: RecordingHead = {
  type: "recording",
  version: 1,
  source: "scrape",
  windowMs: WINDOW,
  bounds: [100, 200],
};
const ALL = { from: 0, to: Number.MAX_SAFE_INTEGER };

let folder: string;
let now: number;
const opened: KeptHistory[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-history-"));
  now = BEGIN;
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(async (each) => each.settled()));
  rmSync(folder, { recursive: true });
});

const none = async (): Promise<never> => fail("no disk");

function fail(why: string): never {
  throw new Error(why);
}

function open(
  files: DayFiles = dayFiles(folder),
  onFault: (why: string) => void = fail,
  head: RecordingHead = HEAD,
): KeptHistory {
  const history = openHistory({ files, now: () => now, head: () => head, onFault });
  opened.push(history);
  return history;
}

function window(from: number, epoch: string | null = "e10"): EvidenceWindow {
  const path = {
    requests: 10,
    clients: null,
    signals: { errors: { trials: 10, hits: 1 }, p95: { buckets: [1, 2, 3] } },
  };
  const decisions = epoch === null ? {} : { [epoch]: 20 };
  return { from, to: from + WINDOW, canary: path, control: path, decisions, instances: 1 };
}

/** A tick at the end of a window: its evidence, and what the store had by then. */
function tick(
  history: KeptHistory,
  { pct = 10, windows }: { pct?: number; windows?: readonly EvidenceWindow[] } = {},
): void {
  const epoch = `e${pct}`;
  const given = windows ?? [window(now, epoch)];
  now += WINDOW;
  history.evidence({ type: "evidence", at: now, source: "scrape", newest: now, windows: given });
  history.add({ ...VIEW, at: now, pct, epoch });
}

async function recorded(history: KeptHistory): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of history.recording(ALL)) lines.push(line);
  return lines;
}

/** What each window began at, and its percentage; and when each silence was. */
async function entries(history: KeptHistory): Promise<unknown[]> {
  const parsed = parseRecording((await recorded(history)).join("\n"));
  if (parsed.recording === null) throw new Error(JSON.stringify(parsed.findings));
  return parsed.recording.entries.map((entry) =>
    entry.type === "window" ? [entry.from - BEGIN, entry.pct] : entry.at - BEGIN,
  );
}

test("goes on after a restart, and passes over a line that was cut", async () => {
  const first = open();
  tick(first);
  first.add({ ...VIEW, at: now });
  tick(first, { pct: 50 });
  await first.settled();
  for (const name of readdirSync(folder)) appendFileSync(join(folder, name), '{"at":1600,"pc');
  const second = open();
  tick(second, { pct: 50 });
  await second.settled();
  const third = open();
  expect(await third.read(null)).toMatchObject({
    at: [1, 2, 3].map((each) => BEGIN + each * WINDOW),
    pct: [10, 50, 50],
    share: [0.1, 0.1, 0.1],
  });
  expect(await entries(third)).toEqual([
    [0, 10],
    [WINDOW, 50],
    [2 * WINDOW, 50],
  ]);
});

test("a part of the time is thinned to as many points as are wanted", async () => {
  const history = open();
  for (let i = 0; i < 100; i += 1) tick(history);
  const wish = { from: BEGIN + 10 * WINDOW, to: BEGIN + 90 * WINDOW, points: 10 };
  const { at } = await history.read(wish);
  expect(at.length).toBeLessThanOrEqual(10);
  expect([at[0], at.at(-1)]).toEqual([wish.from, wish.to - WINDOW]);
});

test("windows have the percentage of their epoch, and one of two epochs is of no percentage", async () => {
  const history = open();
  tick(history);
  const mixed = { ...window(now), decisions: { e10: 10, e50: 10 } };
  tick(history, { pct: 50, windows: [mixed] });
  // A gateway may decide by the old values for a while.
  tick(history, { pct: 50, windows: [window(now, "e10")] });
  tick(history, { pct: 50 });
  expect(await entries(history)).toEqual([
    [0, 10],
    [2 * WINDOW, 10],
    [3 * WINDOW, 50],
  ]);
});

test("without epochs a window has the percentage that was read before, in and after it", async () => {
  const history = open();
  const unknown = (): { windows: EvidenceWindow[] } => ({ windows: [window(now, null)] });
  tick(history, unknown());
  tick(history, unknown());
  tick(history, unknown());
  tick(history, { pct: 50, ...unknown() });
  now += 10 * WINDOW;
  tick(history, { pct: 50, ...unknown() });
  tick(history, { pct: 50, ...unknown() });
  // Nobody read before the first one, the fourth has two, and nobody looked before the fifth.
  expect(await entries(history)).toEqual([
    [WINDOW, 10],
    [2 * WINDOW, 10],
    [15 * WINDOW, 50],
  ]);
});

test("a window that is given twice, or again to the next process, is recorded once", async () => {
  const first = open();
  tick(first);
  tick(first, { windows: [window(now - WINDOW), window(now)] });
  await first.settled();
  const second = open();
  await second.settled();
  tick(second, { windows: [window(now - WINDOW), window(now)] });
  expect(await entries(second)).toEqual([
    [0, 10],
    [WINDOW, 10],
    [2 * WINDOW, 10],
  ]);
});

test("silence is recorded, unless its windows came later", async () => {
  const history = open();
  tick(history);
  now += WINDOW;
  history.evidence({ type: "evidence-failed", at: now, source: "scrape" });
  history.add({ ...VIEW, at: now, pct: 10, epoch: "e10" });
  tick(history, { windows: [window(now - WINDOW), window(now)] });
  now += WINDOW;
  history.evidence({ type: "evidence-failed", at: now, source: "scrape" });
  history.add({ ...VIEW, at: now, pct: 10, epoch: "e10" });
  tick(history);
  expect(await entries(history)).toEqual([
    [0, 10],
    [WINDOW, 10],
    [2 * WINDOW, 10],
    4 * WINDOW,
    [4 * WINDOW, 10],
  ]);
});

test("windows of another length are no part of a recording of the present one", async () => {
  const first = open();
  tick(first);
  await first.settled();
  const second = open(dayFiles(folder), fail, { ...HEAD, bounds: [100, 300] });
  tick(second);
  expect(await entries(second)).toEqual([[WINDOW, 10]]);
});

test("past days are compressed and read all the same, and those before 30 days are gone", async () => {
  const history = open();
  for (let i = 0; i < 8; i += 1) tick(history);
  await history.settled();
  expect(readdirSync(folder).toSorted()).toEqual([
    "2026-11-26.readings.ndjson.gz",
    "2026-11-26.windows.ndjson.gz",
    "2026-11-27.readings.ndjson",
    "2026-11-27.windows.ndjson",
  ]);
  const next = open();
  expect(await entries(next)).toHaveLength(8);
  expect((await next.read(null)).at).toHaveLength(8);
  now += 31 * DAY;
  const last = open();
  await last.settled();
  expect(readdirSync(folder)).toEqual([]);
});

test("above its bound the oldest windows go first, and readings stay", async () => {
  const files = dayFiles(folder);
  const line = randomBytes(750).toString("base64");
  for (const day of ["2026-11-20", "2026-11-21", "2026-11-22"]) {
    await files.append("windows", day, [line, `${line}${day}`]);
    await files.append("readings", day, [line]);
  }
  await files.tidy("2026-11-22", "2026-11-01", 5800);
  expect(readdirSync(folder).toSorted()).toEqual([
    "2026-11-20.readings.ndjson.gz",
    "2026-11-21.readings.ndjson.gz",
    "2026-11-21.windows.ndjson.gz",
    "2026-11-22.readings.ndjson",
    "2026-11-22.windows.ndjson",
  ]);
  expect(await files.bytes()).toBeLessThanOrEqual(5800);
});

test("lines that come for a day that is compressed are added to it", async () => {
  const files = dayFiles(folder);
  for (const line of ["a", "b", "c"]) {
    await files.append("readings", "2026-11-20", [line]);
    await files.tidy("2026-11-22", "2026-11-01", 4000);
  }
  const lines: string[] = [];
  for await (const line of files.lines("readings", "2026-11-20")) lines.push(line);
  expect(lines).toEqual(["a", "b", "c"]);
});

test("files that cannot be written or read cost nothing but the history", async () => {
  const faults: string[] = [];
  const broken: DayFiles = {
    append: none,
    days: none,
    async *lines() {
      yield fail("no disk");
    },
    tidy: none,
    bytes: none,
  };
  const history = open(broken, (why) => faults.push(why));
  tick(history);
  await history.settled();
  expect((await history.read(null)).at).toEqual([BEGIN + WINDOW]);
  expect(faults).toEqual(["no disk", "no disk", "no disk", "no disk"]);
});

test("a file that is not ours to read is told, and the rest is read", async () => {
  const first = open();
  tick(first);
  await first.settled();
  appendFileSync(join(folder, "2026-11-25.readings.ndjson.gz"), "not gzip");
  const faults: string[] = [];
  const second = open(dayFiles(folder), (why) => faults.push(why));
  expect((await second.read(null)).at).toHaveLength(1);
  expect(faults).toEqual(["incorrect header check"]);
  expect(readFileSync(join(folder, "2026-11-26.readings.ndjson"), "utf8")).toContain("observing");
});

test("lines that are no readings are told and left as they are, and what is added comes after them", async () => {
  const first = open();
  tick(first);
  await first.settled();
  const path = join(folder, "2026-11-26.readings.ndjson");
  appendFileSync(path, "something else\n".repeat(20));
  const before = readFileSync(path, "utf8");
  const faults: string[] = [];
  const second = open(dayFiles(folder), (why) => faults.push(why));
  expect((await second.read(null)).at).toHaveLength(1);
  tick(second);
  await second.settled();
  expect(faults).toEqual([
    "20 lines of 2026-11-26 are no readings of a rollout; they are left as they are",
  ]);
  expect(readFileSync(path, "utf8").startsWith(before)).toBe(true);
});

test("a packed file that cannot be read is kept beside what is packed later", async () => {
  const packed = join(folder, "2026-11-20.readings.ndjson.gz");
  writeFileSync(packed, "not gzip");
  const files = dayFiles(folder);
  await files.append("readings", "2026-11-20", ["a", "b"]);
  await files.tidy("2026-11-26", "2026-10-27", 1e9);
  expect(gunzipSync(readFileSync(packed)).toString()).toBe("a\nb\n");
  const aside = readdirSync(folder).find((name) => name.includes(".unreadable-")) ?? "";
  expect(readFileSync(join(folder, aside), "utf8")).toBe("not gzip");
});
