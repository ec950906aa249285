import type { RolloutPlan } from "../plan/rollout-plan.ts";
import type { Fault, FaultKind, FaultOf } from "./fault.ts";
import type { FilledOptions } from "./options.ts";
import type { SyntheticTraffic } from "./traffic.ts";

/**
 * Checks what a rehearsal is made of.
 *
 * @throws RangeError that names the field, its value, and what is allowed.
 */
export function checkRehearsal(
  plan: RolloutPlan,
  traffic: SyntheticTraffic,
  faults: readonly Fault[],
  options: FilledOptions,
): void {
  checkTraffic(plan, traffic);
  for (const [i, fault] of faults.entries()) checkFault(plan, fault, `faults/${i}`);
  checkOptions(options);
}

function demand(isValid: boolean, field: string, value: unknown, allowed: string): void {
  if (!isValid) throw new RangeError(`${field} is ${JSON.stringify(value)}; allowed: ${allowed}`);
}

function isRate(value: unknown): boolean {
  return isNumber(value, 0) && Number(value) <= 1;
}

function isNumber(value: unknown, least: number): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= least;
}

/** More would need more memory than a machine has. */
const MOST_CLIENTS = 1e6;

function checkTraffic({ signals }: RolloutPlan, traffic: SyntheticTraffic): void {
  const { rps, rates = {}, burst = 1, clients, latency, incidents = 0 } = traffic;
  const { wander = 0, shares = 0 } = traffic;
  const all = typeof rps === "number" ? [rps] : rps;
  const isRps = Array.isArray(all) && (typeof rps === "number" || all.length === 24);
  const allowed = "at least 0 requests per second, or 24 of them";
  demand(isRps && all.every((one) => isNumber(one, 0)), "rps", rps, allowed);
  const names = signals.filter(({ kind }) => kind === "rate").map(({ name }) => name);
  for (const [name, rate] of Object.entries(rates)) {
    demand(names.includes(name), "rates", name, `rate signals of the plan: ${names.join(", ")}`);
    demand(isRate(rate), `rates/${name}`, rate, "0 to 1");
  }
  demand(isNumber(burst, 1), "burst", burst, "at least 1");
  if (clients !== undefined) {
    const { count, tail, badMoments = 0 } = clients;
    const isCount = Number.isInteger(count) && count >= 1 && count <= MOST_CLIENTS;
    demand(isCount, "clients/count", count, `a whole number from 1 to ${MOST_CLIENTS}`);
    demand(isNumber(tail, 1) && tail > 1, "clients/tail", tail, "above 1");
    demand(isRate(badMoments), "clients/badMoments", badMoments, "0 to 1");
  }
  if (latency !== undefined) {
    const { medianMs, spread } = latency;
    demand(isNumber(medianMs, 0) && medianMs > 0, "latency/medianMs", medianMs, "above 0");
    demand(isNumber(spread, 0) && spread > 0, "latency/spread", spread, "above 0");
  }
  for (const [field, value] of Object.entries({ incidents, wander, shares })) {
    demand(isNumber(value, 0), field, value, "at least 0");
  }
}

const CHECKS: {
  readonly [Kind in FaultKind]: (fault: FaultOf<Kind>, place: string, plan: RolloutPlan) => void;
} = {
  rate: ({ signal, rate }, place, { signals }) => {
    const names = signals.filter(({ kind }) => kind === "rate").map(({ name }) => name);
    const allowed = `a rate signal of the plan: ${names.join(", ")}`;
    demand(names.includes(signal), `${place}/signal`, signal, allowed);
    demand(isRate(rate), `${place}/rate`, rate, "0 to 1");
  },
  slow: ({ times }, place) =>
    demand(isNumber(times, 0) && times > 0, `${place}/times`, times, "above 0"),
  "one-client": ({ part }, place) => demand(isRate(part), `${place}/part`, part, "0 to 1"),
  outage: ({ paths }, place) => {
    const known = ["both", "legacy", "edgezero"];
    demand(known.includes(paths), `${place}/paths`, paths, known.join(", "));
  },
  "no-traffic": () => {},
  "store-stalls": () => {},
  "source-dies": ({ source }, place, { signals }) => {
    const named = signals.flatMap((signal) => signal.source ?? []);
    const isKnown = source === null || source === "rehearsal" || named.includes(source);
    const allowed = ["null", "rehearsal", ...named].join(", ");
    demand(isKnown, `${place}/source`, source, allowed);
  },
};

function checkFault(plan: RolloutPlan, fault: Fault, place: string): void {
  const { kind, atMs, forMs } = fault;
  demand(Object.hasOwn(CHECKS, kind), `${place}/kind`, kind, Object.keys(CHECKS).join(", "));
  demand(Number.isFinite(atMs), `${place}/atMs`, atMs, "milliseconds after the start");
  demand(forMs === null || isNumber(forMs, 0), `${place}/forMs`, forMs, "at least 0, or null");
  type Check = (fault: Fault, place: string, plan: RolloutPlan) => void;
  (CHECKS[kind] as Check)(fault, place, plan);
}

/** A hundred years: more windows than anyone waits for. */
const LONGEST_MS = 36_525 * 86_400_000;

function checkOptions(options: FilledOptions): void {
  const { startAt, warmUpMs, mostMs, approvesAfterMs, propagationMs, bounds } = options;
  const isStart = isNumber(startAt, warmUpMs);
  demand(isStart, "startAt", startAt, "milliseconds of the epoch, after the warm-up's beginning");
  const times = { warmUpMs, mostMs, propagationMs, approvesAfterMs: approvesAfterMs ?? 0 };
  for (const [field, ms] of Object.entries(times)) {
    demand(isNumber(ms, 0) && ms <= LONGEST_MS, field, ms, "milliseconds of at least 0");
  }
  const isAscending = bounds.every(
    (bound, i) => isNumber(bound, 0) && bound > (bounds[i - 1] ?? 0),
  );
  demand(bounds.length > 0 && isAscending, "bounds", bounds, "numbers above 0 that ascend");
}
