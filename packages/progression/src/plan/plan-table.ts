import type { Margin } from "../statistics/index.ts";
import { percent, points, rounded } from "../statistics/sentences/numbers.ts";
import { alphasOf } from "./alphas.ts";
import { durationText } from "./duration.ts";
import type { PlanFinding } from "./finding.ts";
import { freezeText } from "./freeze.ts";
import type { RolloutPlan, RolloutSignal, RolloutStage } from "./rollout-plan.ts";

/** Rows of cells; the first row names the columns. */
export type TableRows = readonly (readonly string[])[];

/** A plan with every default filled in, for people. */
export interface PlanTable {
  readonly stages: TableRows;
  readonly signals: TableRows;
  readonly settings: TableRows;
}

/** Shows all that a plan says, and all that it means where it says nothing. Pure. */
export function planTable(plan: RolloutPlan): PlanTable {
  const alphas = alphasOf(plan);
  return {
    stages: [
      ["stage", "percentage", "hold", "requests", "approval"],
      ...plan.stages.map((stage, i) => stageRow(stage, i)),
    ],
    signals: [
      [
        "signal",
        "counts",
        "margin",
        "ceiling",
        "worse",
        "required",
        "false rollback",
        "least",
        "source",
      ],
      ...plan.signals.map((signal, i) => signalRow(signal, alphas[i] ?? plan.falseRollback)),
    ],
    settings: [["setting", "value"], ...settingRows(plan)],
  };
}

function stageRow({ pct, holdMs, minRequests, approval }: RolloutStage, i: number): string[] {
  const asked = approval ? "to leave it" : "no";
  return [String(i + 1), `${pct}%`, durationText(holdMs), String(minRequests), asked];
}

function signalRow(signal: RolloutSignal, alpha: number): string[] {
  const { name, margin, ceiling, kind, breach, rollbackAfterMs, required, source } = signal;
  const later =
    rollbackAfterMs === null ? "" : `, rolls back after ${durationText(rollbackAfterMs)}`;
  const limit = kind === "rate" ? percent(ceiling ?? 0) : `${ceiling} ms`;
  return [
    name,
    subjectOf(signal),
    `${marginText(margin)} ${signal.worse === "both" ? "either way" : signal.worse}`,
    ceiling === null ? "-" : limit,
    breach === "rollback" ? "rolls back" : `holds${later}`,
    required ? "yes" : "no",
    percent(alpha),
    leastText(signal),
    source ?? "the first that gives it",
  ];
}

function subjectOf({ of, quantile, kind }: RolloutSignal): string {
  if (typeof of !== "string") return `${of.hits.metric} of ${of.trials.metric}`;
  return kind === "quantile" ? `p${rounded(100 * (quantile ?? 0), 3)} of ${of}` : of;
}

function marginText(margin: Margin): string {
  if ("abs" in margin) return points(margin.abs);
  return "rel" in margin ? percent(margin.rel) : `${rounded(margin.ratio)} times`;
}

function leastText({ minTrials, minHits }: RolloutSignal): string {
  return `${minTrials ?? 100} trials, ${minHits ?? 5} hits`;
}

function settingRows(plan: RolloutPlan): string[][] {
  const { noData, propagationMs, freeze } = plan;
  const after = noData.rollbackAfterMs;
  return [
    ["advance", plan.advance],
    ["falseRollback", percent(plan.falseRollback)],
    ["freeze", freeze.length === 0 ? "never" : freeze.map((one) => freezeText(one)).join(", ")],
    ["noData.grace", durationText(noData.graceMs)],
    ["noData.page", durationText(noData.pageMs)],
    ["noData.repeat", durationText(noData.repeatMs)],
    ["noData.rollbackAfter", after === null ? "never" : durationText(after)],
    [
      "propagation",
      propagationMs === null ? "the store's own figure" : durationText(propagationMs),
    ],
    ["window", durationText(plan.windowMs)],
    ["drain", durationText(plan.drainMs)],
  ];
}

/** Findings as rows: how serious, the code, the place, what is wrong; below each what is allowed. */
export function findingRows(findings: readonly PlanFinding[], pointer: string): TableRows {
  return findings.flatMap(({ level, code, place, message, allowed }) => [
    [level, code, `${pointer}${place}`, message],
    ["", "", "", `→ ${allowed}`],
  ]);
}
