import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RolloutPlan } from "@edgezero/progression";
import type { RunningRollout } from "../../src/environment/running-rollout.ts";
import { SHORT_PLAN } from "../simulated-site.ts";
import type { Stage } from "../stage.ts";
import { ask, stateOf } from "../stage.ts";

/** A course of a rollout: what happens at the site, what operators do, and where it ends. */
export interface Course {
  /** Before each window, by the state of the rollout. Done again where a process was killed in it. */
  readonly happens: (stage: Stage, rollout: RunningRollout, state: string) => Promise<void> | void;
  readonly isOver: (stage: Stage, state: string) => boolean;
  /** The percentages that the controller writes in all, however often it is killed. */
  readonly writes: readonly string[];
  readonly plan: RolloutPlan;
  /** Whether signed probes say when a write has arrived, and prove a 0; or decisions do. */
  readonly probes: boolean;
  /** Whether a gateway is there that answers them. */
  readonly hasGateway: boolean;
}

const ENDED = "ended.txt";
/** There once an operator has seen a rollback that nobody could prove. */
const UNVERIFIED = "unverified.txt";

function endsIn(end: string): Course["isOver"] {
  return (_, state) => state === end;
}

/** Does something once for a course, although processes are killed in it: it may be begun again, but not ended. */
async function once(
  { folder }: Stage,
  name: string,
  action: () => Promise<void> | void,
): Promise<void> {
  const path = join(folder, ENDED);
  const ended = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  if (ended.includes(name)) return;
  await action();
  appendFileSync(path, `${name}\n`);
}

/** An operator sends a command with an id of its own, and sends it again until it is answered. */
async function command(
  stage: Stage,
  rollout: RunningRollout,
  name: Parameters<typeof ask>[1],
  id: string,
  stageNumber?: number,
): Promise<void> {
  const more = stageNumber === undefined ? { id } : { id, stage: stageNumber };
  await once(stage, id, async () => ask(rollout, name, more));
}

const APPROVED: RolloutPlan = {
  ...SHORT_PLAN,
  stages: SHORT_PLAN.stages.map((stage, i) => ({ ...stage, approval: i === 0 })),
};

const PLAIN = { plan: SHORT_PLAN, probes: false, hasGateway: false } as const;
const PROBED = { plan: SHORT_PLAN, probes: true, hasGateway: true } as const;

function fail({ site }: Stage, state: string): void {
  if (state === "observing") site.failing.canary = 1;
}

export const COURSES = {
  /** Probes say when each stage has arrived. */
  healthy: {
    ...PROBED,
    happens() {},
    isOver: endsIn("completed"),
    writes: ["10", "50", "100"],
  },
  /** Decisions prove the 0. */
  failing: {
    ...PLAIN,
    happens: (stage, _, state) => fail(stage, state),
    isOver: endsIn("rolled-back"),
    writes: ["10", "0"],
  },
  /** Signed probes prove the 0. */
  proven: {
    ...PROBED,
    happens: (stage, _, state) => fail(stage, state),
    isOver: endsIn("rolled-back"),
    writes: ["10", "0"],
  },
  /** No gateway can prove the 0, and an operator takes it over. */
  unproven: {
    ...PROBED,
    hasGateway: false,
    async happens(stage, rollout, state) {
      fail(stage, state);
      if (state !== "rollback-unverified") return;
      // Before the command: a process may be killed after it was taken, and before anything else.
      writeFileSync(join(stage.folder, UNVERIFIED), "");
      await command(stage, rollout, "reset", "reset-1");
    },
    isOver: ({ folder }, state) => state === "idle" && existsSync(join(folder, UNVERIFIED)),
    writes: ["10", "0"],
  },
  /** An operator approves, pauses and resumes; another one writes a percentage, and the rollout goes on from it. */
  operated: {
    ...PLAIN,
    plan: APPROVED,
    async happens(stage, rollout, state) {
      const view = rollout.views.latest();
      if (state === "awaiting-approval") await command(stage, rollout, "approve", "approve-1", 1);
      if (state === "observing" && view.stage === 2) {
        await once(stage, "drift", async () => stage.put(30));
      }
      if (state === "held: drifted") await command(stage, rollout, "resume", "resume-1");
      if (state === "awaiting-approval" && existsSync(join(stage.folder, ENDED))) {
        const ended = readFileSync(join(stage.folder, ENDED), "utf8");
        if (ended.includes("resume-1")) await command(stage, rollout, "approve", "approve-2", 1);
      }
      if (state === "observing" && view.stage === 3) {
        await command(stage, rollout, "pause", "pause-1");
        await command(stage, rollout, "resume", "resume-2");
      }
      // The process that took the pause was killed.
      if (state === "paused") await command(stage, rollout, "resume", "resume-2");
    },
    isOver: endsIn("completed"),
    writes: ["10", "50", "50", "100"],
  },
  /** An operator asks the controller to roll back. */
  asked: {
    ...PROBED,
    async happens(stage, rollout, state) {
      if (state === "observing") await command(stage, rollout, "rollback", "rollback-1");
    },
    isOver: endsIn("rolled-back"),
    writes: ["10", "0"],
  },
} as const satisfies Record<string, Course>;

export type CourseName = keyof typeof COURSES;

/** Goes through a course to its end. Starts the rollout where it is not started. */
export async function goThrough(
  stage: Stage,
  rollout: RunningRollout,
  { happens, isOver }: Course,
  onStep: () => void = () => {},
): Promise<void> {
  // At least one window passes: what an earlier process left open ends with it.
  for (let i = 0; i === 0 || (i < 200 && !isOver(stage, stateOf(rollout))); i += 1) {
    if (!isOver(stage, stateOf(rollout))) await happens(stage, rollout, stateOf(rollout));
    await stage.step(rollout);
    const isOnceMore = stateOf(rollout) === "idle" && !isOver(stage, "idle");
    if (isOnceMore) await ask(rollout, "start");
    onStep();
  }
  if (!isOver(stage, stateOf(rollout))) {
    throw new Error(`${stateOf(rollout)}: ${rollout.views.latest().sentence}`);
  }
}
