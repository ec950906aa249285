import type { Margin } from "../statistics/index.ts";
import type { Place, Read } from "./place.ts";
import { fieldsOf, isObject, report, shown } from "./place.ts";
import {
  count,
  flag,
  fraction,
  isFraction,
  isWithin,
  name,
  oneOf,
  positiveDuration,
  weight,
} from "./plan-values.ts";
import type { CounterSelector, RolloutSignal, SignalSubject } from "./rollout-plan.ts";
import { SIGNAL_DEFAULTS } from "./short-plan.ts";

interface Fields {
  kind: "rate" | "quantile";
  of: SignalSubject;
  quantile: number;
  margin: Margin;
  worse: "up" | "down" | "both";
  ceiling: Ceiling;
  breach: "rollback" | "hold";
  rollbackAfter: number;
  required: boolean;
  weight: number;
  minTrials: number;
  minHits: number;
  source: string;
}

type Ceiling = { readonly rate: number } | { readonly ms: number };

const margin: Read<Margin> = (value, place) => {
  const [[unit, size] = [], ...others] = isObject(value) ? Object.entries(value) : [];
  const isOne = others.length === 0;
  if (isOne && unit === "points" && isWithin(size, 0, 100) && size > 0 && size < 100) {
    return { abs: size / 100 };
  }
  if (isOne && unit === "percent" && isWithin(size, 0, 1e6) && size > 0) return { rel: size / 100 };
  if (isOne && unit === "times" && isWithin(size, 1, 1e6) && size > 1) return { ratio: size };
  const allowed = "exactly one of points (below 100), percent (above 0) and times (above 1)";
  return report(place, "wrong-value", `${shown(value)} is no margin`, allowed);
};

const ceiling: Read<Ceiling> = (value, place) => {
  const [[unit, size] = [], ...others] = isObject(value) ? Object.entries(value) : [];
  if (others.length === 0 && unit === "rate" && isFraction(size)) return { rate: size };
  if (others.length === 0 && unit === "ms" && isWithin(size, 0, 1e9) && size > 0)
    return { ms: size };
  const allowed = "a rate between 0 and 1, or ms above 0";
  return report(place, "wrong-value", `${shown(value)} is no ceiling`, allowed);
};

const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]{0,199}$/;

const selector: Read<CounterSelector> = (value, place) => {
  const { metric, match = {}, ...others } = isObject(value) ? value : {};
  const isMatch = isObject(match) && Object.values(match).every((one) => typeof one === "string");
  const isKnown = Object.keys(others).length === 0;
  if (typeof metric !== "string" || !METRIC.test(metric) || !isMatch || !isKnown) {
    const allowed = "an object with metric, and match with texts by label";
    return report(place, "wrong-value", `${shown(value)} is no counter`, allowed);
  }
  return { metric, match: match as CounterSelector["match"] };
};

const counters = fieldsOf<{ hits: CounterSelector; trials: CounterSelector }>(
  { hits: selector, trials: selector },
  ["hits", "trials"],
);

const subject: Read<SignalSubject> = (value, place) => {
  if (!isObject(value)) return oneOf("failures", "timeouts", "latency")(value, place);
  const { hits, trials } = counters(value, place) ?? {};
  return hits === undefined || trials === undefined ? null : { hits, trials };
};

const fields = fieldsOf<Fields>(
  {
    kind: oneOf("rate", "quantile"),
    of: subject,
    quantile: fraction,
    margin,
    worse: oneOf("up", "down", "both"),
    ceiling,
    breach: oneOf("rollback", "hold"),
    rollbackAfter: positiveDuration,
    required: flag,
    weight,
    minTrials: count,
    minHits: count,
    source: name,
  },
  ["kind", "margin", "breach"],
);

/** Reads a signal. Fields that are each valid can still contradict each other. */
export function readSignalRules(key: string, value: unknown, place: Place): RolloutSignal | null {
  const known = place.findings.length;
  const read = fields(value, place);
  const { kind, breach } = read ?? {};
  if (read === null || kind === undefined || breach === undefined || read.margin === undefined) {
    return null;
  }
  const signal: RolloutSignal = {
    name: key,
    kind,
    of: read.of ?? (kind === "rate" ? "failures" : "latency"),
    margin: read.margin,
    worse: read.worse ?? "up",
    ceiling: read.ceiling === undefined ? null : (Object.values(read.ceiling)[0] as number),
    quantile: kind === "rate" ? null : (read.quantile ?? 0.95),
    breach,
    rollbackAfterMs: read.rollbackAfter ?? SIGNAL_DEFAULTS.rollbackAfterMs,
    required: read.required ?? SIGNAL_DEFAULTS.required,
    weight: read.weight ?? SIGNAL_DEFAULTS.weight,
    minTrials: read.minTrials ?? SIGNAL_DEFAULTS.minTrials,
    minHits: read.minHits ?? SIGNAL_DEFAULTS.minHits,
    source: read.source ?? SIGNAL_DEFAULTS.source,
  };
  checkTogether(signal, read, place);
  return place.findings.length === known ? signal : null;
}

/** What one field allows of another one. */
function checkTogether(signal: RolloutSignal, read: Partial<Fields>, place: Place): void {
  const { kind, margin: allowed, worse, of, breach } = signal;
  const at = (key: string): Place => ({ ...place, pointer: `${place.pointer}/${key}` });
  if (worse === "both" && "ratio" in allowed) {
    report(
      at("margin"),
      "two-sided-times",
      "times has one side, and worse has both",
      "points or percent",
    );
  }
  if (worse !== "up" && "rel" in allowed && allowed.rel >= 1) {
    report(at("margin"), "wrong-value", "nothing is 100% less", "percent below 100");
  }
  if (kind === "quantile") {
    if ("abs" in allowed)
      report(at("margin"), "wrong-value", "points of a latency", "percent or times");
    if (worse !== "up") report(at("worse"), "wrong-value", "a latency is worse up", "up");
    if (of !== "latency") report(at("of"), "wrong-value", "a quantile of no latency", "latency");
  } else {
    if (of === "latency") {
      report(at("of"), "wrong-value", "a latency has no rate", "failures, timeouts or counters");
    }
    if (read.quantile !== undefined) {
      report(at("quantile"), "wrong-value", "a rate has no quantile", "kind: quantile");
    }
  }
  if (read.ceiling !== undefined) {
    const unit = kind === "rate" ? "rate" : "ms";
    if (worse !== "up") {
      report(
        at("ceiling"),
        "ceiling-impossible",
        "only what is worse up has a ceiling",
        "worse: up",
      );
    } else if (!(unit in read.ceiling)) {
      report(at("ceiling"), "ceiling-impossible", `no ceiling of a ${kind}`, unit);
    }
  }
  if (breach === "rollback" && read.rollbackAfter !== undefined) {
    report(at("rollbackAfter"), "wrong-value", "it rolls back at once", "breach: hold");
  }
}
