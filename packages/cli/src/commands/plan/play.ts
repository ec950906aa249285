import type { Course, Fault } from "@edgezero/progression/rehearsal";
import * as rehearsal from "@edgezero/progression/rehearsal";
import { CliError } from "../../cli-error.ts";
import { aligned } from "../../output/aligned.ts";
import type { Outcome, Output } from "../../output/output.ts";
import type { PreflightOptions } from "./examine.ts";
import { readRecording } from "./read-recording.ts";
import type { PlanOptions } from "./with-plan.ts";
import { withPlan } from "./with-plan.ts";

/** The options of `rehearse`. */
export interface RehearseOptions extends Omit<PreflightOptions, "tail" | "from"> {
  readonly rps: number | readonly number[];
  readonly fault: readonly Fault[];
  readonly runs: number;
  readonly seed: number;
}

/** `rehearse`: a whole rollout on synthetic traffic, or many of them, by the rules of the real one. */
export async function rehearse(
  output: Output,
  { rps, rate: rates, burst, fault: faults, runs, seed, ...options }: RehearseOptions,
  args: string[],
): Promise<Outcome> {
  return withPlan(options, args, (plan, { path, pointer }) => {
    const traffic = { rps, rates, burst };
    const document = { path, pointer, traffic, faults, seed };
    const progress = output.progress(`rehearsing ${runs} times`);
    try {
      if (runs === 1) {
        const course = rehearsal.rehearse(plan, traffic, faults, seed);
        return { document: { ...document, rehearsal: course }, text: courseText(course) };
      }
      const summary = rehearsal.rehearseMany(plan, traffic, faults, runs, seed);
      const text = aligned(rehearsal.summaryRows(summary));
      return { document: { ...document, summary }, text };
    } catch (error) {
      throw error instanceof RangeError ? new CliError("usage", error.message) : error;
    } finally {
      progress.stop();
    }
  });
}

/** The options of `replay`. */
export interface ReplayOptions extends PlanOptions {
  readonly recording: string;
  readonly seed: number;
}

/** `replay`: recorded windows through another plan: what it would have done. */
export async function replay(
  _: Output,
  { recording: path, seed, ...options }: ReplayOptions,
  args: string[],
): Promise<Outcome> {
  return withPlan(options, args, async (plan, found) => {
    const course = rehearsal.replay(plan, await readRecording(path, plan, found), seed);
    return { document: { recording: path, seed, replay: course }, text: courseText(course) };
  });
}

function courseText(course: Course): string {
  const tables = [rehearsal.courseRows(course), rehearsal.stageRows(course)];
  return tables.map((rows) => aligned(rows)).join("\n\n");
}
