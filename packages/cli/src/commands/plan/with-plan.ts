import type { PlanData } from "@edgezero/config";
import { loadPlan } from "@edgezero/config";
import type { PlanFinding, RolloutPlan } from "@edgezero/progression/plan";
import { findingRows, parsePlan } from "@edgezero/progression/plan";
import { aligned } from "../../output/aligned.ts";
import type { Outcome } from "../../output/output.ts";

/** The options of every command that reads a plan. */
export interface PlanOptions {
  readonly config?: string | undefined;
  readonly env?: string | undefined;
}

/** Reads the plan of a file, or of the config file; one that is not valid ends with all its findings. */
export async function withPlan(
  options: PlanOptions,
  [file]: readonly string[],
  action: (plan: RolloutPlan, found: PlanData) => Promise<Outcome> | Outcome,
): Promise<Outcome> {
  const found = await loadPlan({ ...options, file }, process.cwd());
  const parsed = parsePlan(found.data);
  if (parsed.plan === null) return findingsOutcome(found, parsed.findings);
  return action(parsed.plan, found);
}

/** All that was found in a plan. An error refuses the plan; a warning does not. */
export function findingsOutcome(
  { path, pointer }: PlanData,
  findings: readonly PlanFinding[],
): Outcome {
  const errors = findings.filter(({ level }) => level === "error").length;
  const warnings = findings.length - errors;
  const fault = `${path}: ${errors} errors, ${warnings} warnings`;
  const table = aligned(findingRows(findings, pointer));
  return {
    exit: errors > 0 ? "bad-plan" : "ok",
    fault,
    text: findings.length === 0 ? `${path}: nothing found` : `${table}\n${fault}`,
    document: { path, pointer, errors, warnings, findings },
  };
}
