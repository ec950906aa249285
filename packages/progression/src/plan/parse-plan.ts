import type { PlanFinding } from "./finding.ts";
import { isFrozen } from "./freeze.ts";
import { readSignalRules } from "./parse-signal.ts";
import type { Place, Read } from "./place.ts";
import { checked, fieldsOf, isObject, report, shown, under } from "./place.ts";
import {
  count,
  duration,
  flag,
  fraction,
  freeze,
  listOf,
  oneOf,
  percentage,
  positiveDuration,
} from "./plan-values.ts";
import type { RolloutPlan, RolloutSignal, RolloutStage } from "./rollout-plan.ts";
import { PLAN_DEFAULTS, STAGE_DEFAULTS } from "./short-plan.ts";

/** Either a valid plan with all defaults filled in, or at least one finding. */
export type ParsedPlan =
  | { readonly plan: RolloutPlan }
  | { readonly plan: null; readonly findings: readonly PlanFinding[] };

const MOST_STAGES = 100;
const MOST_SIGNALS = 16;

const stageFields = fieldsOf<{ pct: number; hold: number; minRequests: number; approval: boolean }>(
  { pct: percentage, hold: duration, minRequests: count, approval: flag },
  ["pct", "hold"],
);

const stage: Read<RolloutStage> = (value, place) => {
  const { pct, hold, ...rest } = stageFields(value, place) ?? {};
  if (pct === undefined || hold === undefined) return null;
  return { ...STAGE_DEFAULTS, ...rest, pct, holdMs: hold };
};

const stages: Read<RolloutStage[]> = (value, place) => {
  const known = place.findings.length;
  const read = listOf(stage, 1, MOST_STAGES)(value, place);
  if (read === null || place.findings.length > known) return null;
  const falls = read.findIndex(({ pct }, i) => pct <= (read[i - 1]?.pct ?? 0));
  if (falls < 0) return read;
  const message = `${read[falls]?.pct}% is not above the stage before`;
  return report(under(under(place, falls), "pct"), "not-rising", message, "percentages that rise");
};

const NAME = /^[A-Za-z][\w-]{0,39}$/;

const signals: Read<RolloutSignal[]> = (value, place) => {
  const named = isObject(value) ? Object.entries(value) : [];
  if (named.length === 0 || named.length > MOST_SIGNALS) {
    const allowed = `an object of 1 to ${MOST_SIGNALS} signals by name`;
    return report(place, "wrong-value", `${shown(value)} is not allowed`, allowed);
  }
  return named
    .map(([name, rules]) => {
      const at = under(place, name);
      if (NAME.test(name)) return readSignalRules(name, rules, at);
      const allowed = "letters, digits, _ and -, at most 40, a letter first";
      return report(at, "wrong-value", `${shown(name)} is no name of a signal`, allowed);
    })
    .filter((signal) => signal !== null);
};

const noDataFields = fieldsOf<{
  grace: number;
  page: number;
  repeat: number;
  rollbackAfter: number;
}>({ grace: duration, page: duration, repeat: positiveDuration, rollbackAfter: positiveDuration });

const noData: Read<RolloutPlan["noData"]> = (value, place) => {
  const read = noDataFields(value, place);
  if (read === null) return null;
  const { graceMs: grace, pageMs: page, repeatMs: repeat } = PLAN_DEFAULTS.noData;
  const given = { grace, page: Math.max(page, read.grace ?? 0), repeat, ...read };
  if (given.page < given.grace) {
    report(
      under(place, "page"),
      "contradicting-no-data",
      "it pages before it holds",
      "at least grace",
    );
  }
  if (given.rollbackAfter !== undefined && given.rollbackAfter < given.grace) {
    const message = "it rolls back before it holds";
    report(under(place, "rollbackAfter"), "contradicting-no-data", message, "at least grace");
  }
  return {
    graceMs: given.grace,
    pageMs: given.page,
    repeatMs: given.repeat,
    rollbackAfterMs: given.rollbackAfter ?? null,
  };
};

const freezes: Read<RolloutPlan["freeze"]> = (value, place) => {
  const read = listOf(freeze, 0, 20)(value, place);
  if (read === null || !coversWeek(read)) return read;
  return report(place, "endless-freeze", "the freezes cover the whole week", "an hour without one");
};

const WEEK_MINUTES = 7 * 1440;

/** Whether each minute of a week is frozen. Most weeks have a minute that is not, and soon. */
function coversWeek(windows: RolloutPlan["freeze"]): boolean {
  const lengths = windows.map(({ from, to }) => (to - from + WEEK_MINUTES) % WEEK_MINUTES);
  // A week's minutes take a tenth of a second to look at. Clocks that change add an hour at most.
  const together = lengths.reduce((sum, length) => sum + length + 60, 0);
  if (together < WEEK_MINUTES) return false;
  for (let minute = 0; minute < WEEK_MINUTES; minute += 1) {
    if (!isFrozen(windows, minute * 60_000)) return false;
  }
  return true;
}

const text: Read<string> = checked((value): value is string => typeof value === "string", "a text");

const planFields = fieldsOf<{
  $schema: string;
  stages: RolloutStage[];
  advance: RolloutPlan["advance"];
  signals: RolloutSignal[];
  falseRollback: number;
  freeze: RolloutPlan["freeze"];
  noData: RolloutPlan["noData"];
  propagation: number;
  window: number;
  drain: number;
}>(
  {
    $schema: text,
    stages,
    advance: oneOf("no-breach", "proven"),
    signals,
    falseRollback: fraction,
    freeze: freezes,
    noData,
    propagation: duration,
    window: positiveDuration,
    drain: duration,
  },
  ["stages"],
);

/** Reads a plan in its short or its full form from data of any origin. Total: never throws. */
export function parsePlan(data: unknown): ParsedPlan {
  const place: Place = { pointer: "", findings: [] };
  const plan = Array.isArray(data) ? readShort(data, place) : readFull(data, place);
  const { findings } = place;
  if (plan !== null && findings.length === 0) return { plan };
  return { plan: null, findings };
}

function readShort(data: unknown[], place: Place): RolloutPlan | null {
  const read = stages(data, place);
  return read === null ? null : { ...PLAN_DEFAULTS, stages: read };
}

function readFull(data: unknown, place: Place): RolloutPlan | null {
  if (!isObject(data)) {
    const allowed = "a list of stages, or an object with stages";
    return report(place, "not-a-plan", `${shown(data)} is no plan`, allowed);
  }
  const { $schema: _, propagation = null, window, drain, ...rest } = planFields(data, place) ?? {};
  const { windowMs, drainMs } = PLAN_DEFAULTS;
  if (rest.stages === undefined) return null;
  return {
    ...PLAN_DEFAULTS,
    ...rest,
    stages: rest.stages,
    propagationMs: propagation,
    windowMs: window ?? windowMs,
    drainMs: drain ?? drainMs,
  };
}
