import type { Direction, Evidence, RateSignal } from "../src/index.ts";
import { startEvidence } from "../src/index.ts";
import { bet } from "../src/statistics/bet.ts";
import { ratiosOf } from "../src/statistics/ratios.ts";
import { guardedDirections, line, OPPOSITE } from "../src/statistics/signal.ts";
import type { Table } from "../src/statistics/table.ts";
import { CONVERSIONS, ERRORS, TIMEOUTS, WINS } from "./arbitraries.ts";

/** A table of a rate: trials and hits of both paths. */
export function tableFor(nc: number, nk: number, x: number, y: number): Table {
  const control = { trials: nk, hits: y, foreseen: 0 };
  const sides = { canaryTrials: nc, canaryHits: x, beyondHits: x, withinHits: x };
  return { ...sides, control, allowed: 0 };
}

export type Logs = Record<"worse" | "beyond" | "within", readonly number[]>;

/** What one window makes of each unit that was staked on each ratio: logs. */
export function steps(signal: RateSignal, direction: Direction, table: Table, effect = 1): Logs {
  const start = startEvidence(signal);
  const made = bet(signal, start, table, 1, effect);
  const logStake = -Math.log(guardedDirections(signal).length);
  const unit = ratiosOf(signal)[direction].map(({ logWeight }) => logStake + logWeight);
  const step = (logs: readonly number[] = []): number[] =>
    logs.map((log, i) => log - (unit[i] ?? 0));
  const within = withinStep(signal, direction, made);
  return { worse: step(made.worse[direction]), beyond: step(made.beyond[direction]), within };
}

function withinStep(
  signal: RateSignal,
  direction: Direction,
  made: Pick<Evidence, "interval" | "within">,
): readonly number[] {
  if (!("abs" in signal.margin)) return made.within[direction] ?? [];
  const { payoff, cost } = made.interval[OPPOSITE[direction]];
  const delta = line(signal.margin, direction);
  return payoff.map((log, i) => log - delta * (cost[i] ?? 0));
}

const COARSE: RateSignal = { ...WINS, margin: { rel: 0.3 } };
const DOWN: RateSignal = { ...CONVERSIONS, margin: { ratio: 2 } };

/** Signals with every kind of margin, by each direction that they guard. */
export const GUARDED: readonly { signal: RateSignal; direction: Direction; name: string }[] = (
  [ERRORS, TIMEOUTS, WINS, CONVERSIONS, COARSE, DOWN] as const
).flatMap((signal) =>
  guardedDirections(signal).map((direction) => ({
    signal,
    direction,
    name: `${signal.id} ${JSON.stringify(signal.margin)} ${direction}`,
  })),
);
