import type { Reading } from "../reading.ts";
import type { Signal } from "../signal.ts";
import { betaOf, minTrialsOf } from "../signal.ts";
import type { Verdict } from "../verdict.ts";
import { marginOf } from "./describe-preflight.ts";
import { percent, points, rounded, withCommas } from "./numbers.ts";

type Describe = (signal: Signal, reading: Reading) => string;

/** A reading as a sentence for an operator. Source: VERDICTS, "What is shown". */
export function describeReading(signal: Signal, reading: Reading): string {
  return `${signal.id}: ${DESCRIBE[reading.verdict](signal, reading)}`;
}

const DESCRIBE: Readonly<Record<Verdict, Describe>> = {
  worse: (signal, reading) =>
    `EdgeZero is worse than ${standard(reading)}: ${comparison(signal, reading)}, after ` +
    `${withCommas(reading.trials)} requests. If EdgeZero were no worse, at most ` +
    `${rounded(1000 * signal.alpha)} of 1,000 rollouts would show this.`,
  undecided: (signal, reading) =>
    reading.direction === null
      ? `${doubt(reading)}: ${comparison(signal, reading)}. ${progress(reading)}`
      : `EdgeZero is worse than ${standard(reading)}, but not proven to be beyond the margin: ${comparison(signal, reading)}.`,
  "not-worse": (signal, reading) =>
    `EdgeZero is within the margin of ${standard(reading)}, with ${percent(1 - betaOf(signal))}: ${comparison(signal, reading)}.`,
  insufficient: (signal, reading) =>
    `${withCommas(reading.trials)} requests on EdgeZero; ${withCommas(minTrialsOf(signal))} on each path are needed to say anything.`,
};

function standard({ control }: Reading): string {
  return control === null ? "the ceiling allows" : "legacy";
}

/** Evidence, below which a difference is not worth a mention. */
const SIGN = 0.25;

function doubt(reading: Reading): string {
  const { evidence } = reading;
  if (evidence < SIGN) {
    // Beyond the margin there is a sign, which chance makes as well where requests are few.
    const begin = isBeyondMargin(reading) ? "Not proven" : "No sign";
    return `${begin} that EdgeZero is worse than ${standard(reading)}`;
  }
  return `EdgeZero may be worse than ${standard(reading)}, with ${percent(evidence)} of the evidence that proves it`;
}

/** Whether the estimate is on the far side of the margin, or of the ceiling. */
function isBeyondMargin({ estimate, margin }: Pick<Reading, "estimate" | "margin">): boolean {
  if (estimate === null) return false;
  const { up, down } = margin;
  return (up !== null && estimate > up) || (down !== null && estimate < down);
}

function progress({ trials, needed }: Reading): string {
  const come = `${withCommas(trials)} requests have come`;
  return needed === null
    ? `${come}.`
    : `${come}; a fault of twice the margin shows within ${withCommas(needed)} in 9 of 10 cases.`;
}

/** Both values, and the margin or the ceiling. A fault that began late shows in the recent value. */
function comparison(signal: Signal, reading: Reading): string {
  const { canary, control, margin, estimate, recent } = reading;
  const show = (value: number): string =>
    signal.kind === "rate" ? percent(value) : rounded(value, 3);
  const own = canary === null ? "no value" : show(canary);
  if (control === null) {
    const late = recent === null ? "" : `, of late ${show(recent)}`;
    return margin.up === null ? own : `${own}${late}, ceiling ${show(margin.up)}`;
  }
  const by = estimate === null ? "" : `${difference(signal, estimate)}, `;
  const late = recent === null ? "" : `, of late ${difference(signal, recent)}`;
  return `${by}${own} against ${show(control)}${late}, margin ${marginOf(signal)}`;
}

function difference({ margin, kind }: Signal, estimate: number): string {
  if (kind === "rate" && "abs" in margin) {
    return `${points(estimate)} ${estimate < 0 ? "less" : "more"}`;
  }
  return `${rounded(estimate, 3)} times`;
}
