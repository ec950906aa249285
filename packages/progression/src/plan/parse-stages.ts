import { durationMs } from "./duration.ts";
import type { Plan, Stage } from "./plan.ts";

/** A place in a plan that is not valid. */
export interface StageFinding {
  /** Where it is, from the outside in: `[1, "hold"]`; empty for the plan as a whole. */
  readonly place: readonly (number | string)[];
  /** What must stand there, without a full stop. */
  readonly message: string;
}

/** Either a valid plan, or at least one finding. */
export type ParsedStages =
  | { readonly plan: Plan }
  | { readonly plan: null; readonly findings: readonly StageFinding[] };

/** Reads the short form of a plan, its stages, from data of any origin. Total: never throws. */
export function parseStages(data: unknown): ParsedStages {
  if (!Array.isArray(data) || data.length === 0) {
    return broken([{ place: [], message: "a list of at least one stage" }]);
  }
  const findings = data.flatMap((stage: unknown, index) => stageFindings(stage, index));
  if (findings.length > 0) return broken(findings);
  const plan = (data as readonly Stage[]).map(({ pct, hold }) => ({ pct, hold }));
  const rises = plan.every(({ pct }, index) => pct > (plan[index - 1]?.pct ?? 0));
  return rises ? { plan } : broken([{ place: [], message: "stages whose percentages rise" }]);
}

function broken(findings: readonly StageFinding[]): ParsedStages {
  return { plan: null, findings };
}

/** The rule of each field of a stage; no other fields are allowed. */
const FIELDS: Readonly<
  Record<keyof Stage, { isValid: (value: unknown) => boolean; rule: string }>
> = {
  pct: {
    isValid: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 100,
    rule: "a whole number from 1 to 100",
  },
  hold: {
    isValid: (value) => typeof value === "string" && durationMs(value) !== null,
    rule: "a duration such as 30m, 2h or 1d, of up to 6 digits and one of s, m, h, d",
  },
};

function stageFindings(stage: unknown, index: number): StageFinding[] {
  if (typeof stage !== "object" || stage === null || Array.isArray(stage)) {
    return [{ place: [index], message: "a stage such as { pct: 10, hold: 2h }" }];
  }
  const unknown = Object.keys(stage).filter((name) => !Object.hasOwn(FIELDS, name));
  return [
    ...Object.entries(FIELDS)
      .filter(([name, { isValid }]) => !isValid(fieldOf(stage, name)))
      .map(([name, { rule }]) => ({ place: [index, name], message: rule })),
    ...unknown.map((name) => ({ place: [index, name], message: "no such field of a stage" })),
  ];
}

function fieldOf(stage: object, name: string): unknown {
  return Object.hasOwn(stage, name) ? (stage as Readonly<Record<string, unknown>>)[name] : null;
}
