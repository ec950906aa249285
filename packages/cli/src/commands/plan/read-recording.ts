import type { PlanData } from "@edgezero/config";
import { readPast } from "@edgezero/evidence/read-past";
import { messageOf } from "@edgezero/faults/faults";
import type { RolloutPlan } from "@edgezero/progression/plan";
import type { Recording } from "@edgezero/progression/rehearsal";
import { RecordingError, recordingIn } from "@edgezero/progression/rehearsal";
import { CliError } from "../../cli-error.ts";

/** Reads a recording from a file, or from what a source has of the last day. */
export async function readRecording(
  from: string,
  { signals }: RolloutPlan,
  { evidence }: PlanData,
): Promise<Recording> {
  const { env } = process;
  try {
    return recordingIn(await readPast({ from, evidence, signals, env, now: Date.now() }));
  } catch (cause) {
    const details = cause instanceof RecordingError ? { findings: cause.findings } : {};
    throw new CliError("usage", `${from}: ${messageOf(cause)}`, { cause, details });
  }
}
