import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EvidenceWindow } from "@edgezero/progression";
import { runToEnd } from "@edgezero/testbed/process/run-to-end";
import { afterAll, beforeAll, expect } from "vitest";
import type { RunningRollout } from "../../src/environment/running-rollout.ts";
import { BEGIN, Stage } from "../stage.ts";
import { noteLanded, WINDOWS, WRITES } from "./boundaries.ts";
import type { Course, CourseName } from "./courses.ts";
import { COURSES, goThrough } from "./courses.ts";
import { openCourse } from "./open-course.ts";
import type { CoursePlace } from "./places.ts";
import { FILES } from "./places.ts";
import { startProbedGateway } from "./probed-gateway.ts";

const KILLED = fileURLToPath(new URL("killed.ts", import.meta.url));
const HOUR_MS = 3_600_000;
/** Of boundaries that are alike in the rollout's state and in what is done, so many are killed at. */
const ALIKE = Number(process.env["CRASHES_ALIKE"] ?? 1);
/** Most of the time is that of starting processes, and of waiting. */
export const AT_A_TIME = 4;

/** Keeps files in memory: what a process has written outlives it there as on a disk, and nothing waits for one. */
export function keepInMemory(): void {
  const before = process.env["TMPDIR"];
  beforeAll(() => void (process.env["TMPDIR"] = memoryFolder()));
  afterAll(() => {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  });
}

function memoryFolder(): string {
  try {
    accessSync("/dev/shm", constants.W_OK);
    return "/dev/shm";
  } catch {
    return tmpdir();
  }
}

function kindOf(redisUrl: string | null): "file" | "redis" {
  return redisUrl === null ? "file" : "redis";
}

function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
}

/** A 0 is written again where nobody could tell whether the one before was the controller's. */
function onceZero(writes: readonly string[]): string[] {
  return writes.filter((pct, i) => pct !== "0" || writes[i - 1] !== "0");
}

/** No window counts twice: a stage has no more requests than its windows had. */
function expectCountedOnce({ site }: Stage, rollout: RunningRollout): void {
  const { phase } = rollout.state();
  if (!("pass" in phase)) return;
  const { requests, writtenAt } = phase.pass;
  const own = site.windows.filter(({ from }) => from >= writtenAt);
  const most = own.reduce((sum, { canary }) => sum + canary.requests, 0);
  if (requests > most) throw new Error(`${requests} requests counted, of ${most}`);
}

/** Another process goes on where one was killed, so much later. */
async function goOn(
  folder: string,
  { redisUrl }: CoursePlace,
  course: Course,
  downMs: number,
): Promise<void> {
  const path = join(folder, WINDOWS);
  const windows = existsSync(path)
    ? (JSON.parse(readFileSync(path, "utf8")) as EvidenceWindow[])
    : [];
  const stage = new Stage(folder, (windows.at(-1)?.to ?? BEGIN) + downMs, redisUrl);
  stage.site.windows.push(...windows);
  await noteLanded(stage);
  const gateway = course.hasGateway
    ? await startProbedGateway(stage.store(), kindOf(redisUrl))
    : null;
  try {
    const opened = await openCourse(stage, course, gateway?.url ?? "", () => {});
    const { rollout } = opened;
    await goThrough(stage, rollout, course, () => expectCountedOnce(stage, rollout));
    await opened.end();
    expect(onceZero(linesOf(join(folder, WRITES)))).toEqual(course.writes);
    const { entries, findings } = await stage.ports().journal.read();
    expect(findings).toEqual([]);
    const ended = new Set(entries.flatMap((each) => (each.kind === "result" ? [each.change] : [])));
    const open = entries.filter((each) => each.kind === "intent" && !ended.has(each.change));
    expect(open).toEqual([]);
  } finally {
    await gateway?.close();
  }
}

/** Runs a process that is killed at a boundary, or at 0 lives to the end. Gives what it wrote. */
async function runKilled(
  stage: Stage,
  { redisUrl }: CoursePlace,
  name: CourseName,
  boundary: number,
): Promise<string> {
  const { folder } = stage;
  const gateway = COURSES[name].hasGateway
    ? await startProbedGateway(stage.store(), kindOf(redisUrl))
    : null;
  try {
    const args = [KILLED, folder, name, String(boundary), gateway?.url ?? "", redisUrl ?? ""];
    const ended = await runToEnd(process.execPath, args, { cwd: folder, env: {} });
    // Where other work came between, a boundary may be later in this run than in the one that was counted.
    if (ended.signal === null && ended.code !== 0) throw new Error(ended.stderr);
    return ended.stdout;
  } finally {
    await gateway?.close();
  }
}

/** The boundaries to kill at: some of each that are alike in the rollout's state and in what is done. */
async function boundariesOf(name: CourseName, place: CoursePlace): Promise<number[]> {
  const stage = await place.begin();
  const all = JSON.parse(await runKilled(stage, place, name, 0)) as string[];
  stage.remove();
  const seen = new Map<string, number>();
  return all.flatMap((boundary, i) => {
    const count = (seen.get(boundary) ?? 0) + 1;
    seen.set(boundary, count);
    return count <= ALIKE ? [i + 1] : [];
  });
}

/** Both for each boundary of the plain courses in files; else by turns, unless all is asked for. */
function downtimes(
  boundary: number,
  name: CourseName,
  { redisUrl }: CoursePlace,
): readonly number[] {
  const isPlain = redisUrl === null && (name === "healthy" || name === "failing");
  if (isPlain || ALIKE > 1) return [0, HOUR_MS];
  return [boundary % 2 === 0 ? 0 : HOUR_MS];
}

async function killAt(boundary: number, name: CourseName, place: CoursePlace): Promise<void> {
  const stage = await place.begin();
  try {
    await runKilled(stage, place, name, boundary);
    const kept = await place.keep(stage.folder);
    try {
      for (const downMs of downtimes(boundary, name, place)) {
        await goOn(stage.folder, place, COURSES[name], downMs).catch((cause: unknown) => {
          const told = `killed at boundary ${boundary}, ${downMs} ms later: ${String(cause)}`;
          throw new Error(told, { cause });
        });
        await kept.restore();
      }
    } finally {
      kept.remove();
    }
  } finally {
    stage.remove();
  }
}

/**
 * Kills a process at each boundary of a course, and lets another one go on. Fails where that doubles anything.
 * Gives the number of boundaries.
 *
 * @param places One for each course that goes on at the same time.
 */
export async function killEverywhere(
  name: CourseName,
  places: readonly CoursePlace[],
): Promise<number> {
  const boundaries = await boundariesOf(name, places[0] ?? FILES);
  const waiting = [...boundaries];
  await Promise.all(
    places.map(async (place) => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await killAt(next, name, place);
      }
    }),
  );
  process.stdout.write(`${name}: killed at ${boundaries.length} boundaries\n`);
  return boundaries.length;
}

export const NAMES = Object.keys(COURSES) as readonly CourseName[];
