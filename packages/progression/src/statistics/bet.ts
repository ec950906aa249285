import type { Evidence, Payoff } from "./evidence.ts";
import { clampLog, LOG_LIMIT, logAdd } from "./numbers.ts";
import type { Ratio, Ratios } from "./ratios.ts";
import { ratiosOf } from "./ratios.ts";
import type { Direction, Signal } from "./signal.ts";
import { guardedDirections, line, OPPOSITE } from "./signal.ts";
import type { ControlCounts, Table } from "./table.ts";

/**
 * `ρ`: EdgeZero's share of the trials. Without a control it is 0, as if legacy were endless: its rate is
 * then known, and the bet is that of one Poisson count.
 */
export function shareOf(canaryTrials: number, controlTrials: number | null): number {
  return controlTrials === null ? 0 : canaryTrials / (canaryTrials + controlTrials);
}

/**
 * Log of what a bet on a ratio makes of each unit that was staked, for `x` hits of EdgeZero and `y` of legacy.
 * Source: VERDICTS, "addWindow", 6: `x ln r − (x + y) ln1p(ρ (r − 1))`.
 */
export function gain({ log, excess }: Ratio, share: number, x: number, y: number): number {
  return x * log - (x + y) * Math.log1p(share * excess);
}

/**
 * What a bet loses for each unit of difference between the rates that is granted to EdgeZero.
 * Source: VERDICTS, "addWindow", 6: `nc (r − 1) (1 − ρ) ÷ (1 + ρ (r − 1))`.
 */
export function cost({ excess }: Ratio, share: number, canaryTrials: number): number {
  return (canaryTrials * excess * (1 - share)) / (1 + share * excess);
}

/** Bets on one window, with a new stake of 0 to 1. Everything is divided by the design effect. */
export function bet(
  signal: Signal,
  evidence: Evidence,
  table: Table,
  stake: number,
  effect: number,
): Pick<Evidence, "worse" | "beyond" | "interval" | "within"> {
  const directions = guardedDirections(signal);
  const ratios = ratiosOf(signal);
  const won = winnings(ratios, table, effect);
  const logStake = stake > 0 ? Math.log(stake / directions.length) : null;
  const worse: Partial<Record<Direction, readonly number[]>> = {};
  const beyond: Partial<Record<Direction, readonly number[]>> = {};
  const within: Partial<Record<Direction, readonly number[]>> = {};
  for (const direction of directions) {
    const own = ratios[direction];
    const worseSteps = against(won[direction], table.allowed ?? 0);
    const beyondSteps = stepsBeyond(signal, table, direction, won, effect);
    worse[direction] = moved(own, evidence.worse[direction] ?? [], worseSteps, logStake);
    beyond[direction] = moved(own, evidence.beyond[direction] ?? [], beyondSteps, logStake);
    within[direction] = provenWithin(signal, evidence, table, direction, effect);
  }
  const { up, down } = evidence.interval;
  return { worse, beyond, within, interval: { up: paid(up, won.up), down: paid(down, won.down) } };
}

/** What the bets of one window win, for each direction and ratio, and what they cost. */
function winnings(ratios: Ratios, table: Table, effect: number): Record<Direction, Payoff> {
  const { canaryTrials, canaryHits, control } = table;
  const share = shareOf(canaryTrials, control?.trials ?? null);
  const controlHits = control?.hits ?? 0;
  const of = (own: readonly Ratio[]): Payoff => ({
    payoff: own.map((ratio) => gain(ratio, share, canaryHits, controlHits) / effect),
    cost: own.map((ratio) => cost(ratio, share, canaryTrials) / effect),
  });
  return { up: of(ratios.up), down: of(ratios.down) };
}

/** The winnings where a difference is granted to EdgeZero. */
function against({ payoff, cost: costs }: Payoff, granted: number): readonly number[] {
  return granted === 0 ? payoff : payoff.map((won, i) => won - granted * (costs[i] ?? 0));
}

/** `far`: the winnings of the bets that EdgeZero is beyond the margin. */
function stepsBeyond(
  signal: Signal,
  table: Table,
  direction: Direction,
  won: Record<Direction, Payoff>,
  effect: number,
): readonly number[] {
  const { control, allowed, beyondHits, canaryTrials } = table;
  if (control === null) return against(won[direction], allowed ?? 0);
  const { margin } = signal;
  if ("abs" in margin) return against(won[direction], line(margin, direction));
  const share = shareAtLine(signal, direction, canaryTrials, control);
  return ratiosOf(signal)[direction].map(
    (ratio) => gain(ratio, share, beyondHits, control.hits) / effect,
  );
}

/** What the bets that EdgeZero is within the margin have become, where the margin is no difference. */
function provenWithin(
  signal: Signal,
  evidence: Evidence,
  { control, withinHits, canaryTrials }: Table,
  direction: Direction,
  effect: number,
): readonly number[] {
  const logs = evidence.within[direction] ?? [];
  if (control === null || "abs" in signal.margin) return logs;
  const share = shareAtLine(signal, direction, canaryTrials, control);
  const steps = ratiosOf(signal)[OPPOSITE[direction]].map(
    (ratio) => gain(ratio, share, withinHits, control.hits) / effect,
  );
  return logs.map((log, i) => clampLog(log + (steps[i] ?? 0)));
}

/** EdgeZero's share, with as many trials of legacy as if its rate were that at the margin. */
function shareAtLine(
  { kind, margin }: Signal,
  direction: Direction,
  canaryTrials: number,
  { trials }: ControlCounts,
): number {
  // A quantile's margin is in the bounds that its hits are counted by.
  return shareOf(canaryTrials, kind === "quantile" ? trials : trials / line(margin, direction));
}

/** What the stakes before have become, and a new one's parts, after one more bet on each. */
function moved(
  ratios: readonly Ratio[],
  logs: readonly number[],
  steps: readonly number[],
  logStake: number | null,
): readonly number[] {
  const made = logs.slice();
  for (let i = 0; i < made.length; i += 1) {
    const log = made[i] ?? -LOG_LIMIT;
    const part = ratios[i]?.logWeight ?? -LOG_LIMIT;
    const staked = logStake === null ? log : logAdd(log, logStake + part);
    made[i] = clampLog(staked + (steps[i] ?? 0));
  }
  return made;
}

function paid(before: Payoff, won: Payoff): Payoff {
  const [payoff, costs] = [before.payoff.slice(), before.cost.slice()];
  for (let i = 0; i < payoff.length; i += 1) {
    payoff[i] = clampLog((payoff[i] ?? 0) + (won.payoff[i] ?? 0));
    costs[i] = (costs[i] ?? 0) + (won.cost[i] ?? 0);
  }
  return { payoff, cost: costs };
}
