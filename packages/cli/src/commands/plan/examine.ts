import { lintPlan, lookAhead, planTable } from "@edgezero/progression/plan";
import { trafficOf } from "@edgezero/progression/rehearsal";
import { storeKindOf } from "@edgezero/stores/store-kinds";
import { CliError } from "../../cli-error.ts";
import { aligned } from "../../output/aligned.ts";
import type { Outcome, Output } from "../../output/output.ts";
import { readRecording } from "./read-recording.ts";
import type { TrafficOptions } from "./traffic-options.ts";
import type { PlanOptions } from "./with-plan.ts";
import { findingsOutcome, withPlan } from "./with-plan.ts";

/** `plan lint`: all that is wrong with a plan, and all that would not work as meant. */
export async function lint(
  _: Output,
  { rps, rate: rates, ...options }: PlanOptions & TrafficOptions,
  args: string[],
): Promise<Outcome> {
  return withPlan(options, args, (plan, found) => {
    const kind = found.storeUrl === null ? null : storeKindOf(found.storeUrl);
    const traffic = rps === undefined ? { rates } : { rps, rates };
    const known = kind === null ? traffic : { ...traffic, propagationMs: kind.propagation.ms };
    return findingsOutcome(found, lintPlan(plan, known));
  });
}

/** `plan show`: a plan with every default filled in. */
export async function show(
  { paint }: Output,
  options: PlanOptions,
  args: string[],
): Promise<Outcome> {
  return withPlan(options, args, (plan, { path, pointer }) => {
    const tables = Object.values(planTable(plan)).map(([header = [], ...rows]) =>
      aligned([header.map(paint.faint), ...rows]),
    );
    return { document: { path, pointer, plan }, text: tables.join("\n\n") };
  });
}

const NO_TRAFFIC = "preflight needs the traffic: --rps 500, or --from prometheus:https://…";

/** The options of `preflight`. */
export interface PreflightOptions extends PlanOptions, TrafficOptions {
  readonly from?: string;
  readonly burst: number;
  readonly tail: number;
}

/** `preflight`: what each stage of a plan can show by the traffic, before anything moves. */
export async function preflight(
  _: Output,
  { rps: given, rate, from, burst, tail: tailIndex, ...options }: PreflightOptions,
  args: string[],
): Promise<Outcome> {
  if (from === undefined && given === undefined) throw new CliError("usage", NO_TRAFFIC);
  return withPlan(options, args, async (plan, found) => {
    const seen =
      from === undefined ? null : trafficOf(plan, await readRecording(from, plan, found));
    const [rps, rates] = [given ?? seen?.rps ?? 0, { ...seen?.rates, ...rate }];
    const { sentences, ...outlook } = lookAhead(plan, { rps, rates, tailIndex }, burst);
    const document = { path: found.path, pointer: found.pointer, ...outlook };
    return { document, text: sentences.join("\n") };
  });
}
