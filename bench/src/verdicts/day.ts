import type {
  EvidenceWindow,
  RolloutEvent,
  RolloutPlan,
  RolloutState,
} from "@edgezero/progression";
import { expandPlan, initialState, reduce } from "@edgezero/progression";
import { openSite, seeded } from "@edgezero/progression/rehearsal";

const WINS = { metric: "wins_total", match: {} };
const BIDS = { metric: "bids_total", match: {} };

/** A day at 10 per cent, with the runbook's signals and a fourth one that a site would add. */
export function dayPlan(windowMs: number): RolloutPlan {
  const plan = expandPlan([{ pct: 10, hold: "24h" }]);
  const [first] = plan.signals;
  if (first === undefined) throw new Error("The runbook has no signals");
  const wins = {
    ...first,
    name: "wins",
    of: { hits: WINS, trials: BIDS },
    margin: { rel: 0.01 },
    worse: "both",
    ceiling: null,
    breach: "hold",
    weight: 1,
  } as const;
  return { ...plan, windowMs, signals: [...plan.signals, wins] };
}

const SOURCE = "scrape";
/** As the simulations have them: 74 buckets, each a tenth wider than the one before. */
const BOUNDS = Array.from({ length: 74 }, (_, i) => 10 * 1.1 ** i);
const START = Date.UTC(2026, 0, 5);
const WARM_UP = 20;

/** A rollout as its stage begins, and what comes in each of its windows. */
export interface Day {
  readonly plan: RolloutPlan;
  readonly state: RolloutState;
  readonly windows: readonly EvidenceWindow[];
  readonly pct: number;
  readonly epoch: string;
}

/** Draws a day's windows at 500 requests per second, and lets a rollout begin. */
export function drawDay(windowMs: number, count: number): Day {
  const plan = dayPlan(windowMs);
  const site = { source: SOURCE, bounds: BOUNDS, delayMs: {}, propagationMs: 0, probes: true };
  let state = initialState(plan, { ...site, propagationMs: windowMs });
  const next = openSite(state.rules.signals, BOUNDS, { rps: 500 }, seeded(1));
  const draw = (i: number, pct: number, epoch: string): EvidenceWindow => {
    const from = START + i * windowMs;
    return next({ from, to: from + windowMs, pct, epoch, faults: [] })(SOURCE);
  };
  const send = (event: RolloutEvent): void => {
    state = reduce(state, event).state;
  };
  for (let i = 0; i < WARM_UP; i += 1) send(evidenceOf(draw(i, 0, "epoch-0")));
  const at = state.now;
  send({ type: "store", at, pct: 0, epoch: "epoch-0" });
  send({ type: "command", at, command: START_COMMAND });
  const { raise } = state;
  if (raise === null) throw new Error(`The rollout did not begin: ${state.phase.name}`);
  const { pct } = raise;
  const epoch = "epoch-1";
  send({ type: "raised", at, id: raise.id, written: true, epoch });
  send({ type: "probes", at, epoch, instances: 2, carrying: 2 });
  const windows = Array.from({ length: count }, (_, i) => draw(WARM_UP + i, pct, epoch));
  return { plan, state, windows, pct, epoch };
}

const START_COMMAND = {
  name: "start",
  stage: null,
  keep: false,
  by: "bench",
  reason: null,
} as const;

/** The event by which a source gives one window. */
export function evidenceOf(window: EvidenceWindow): RolloutEvent {
  return { type: "evidence", at: window.to, source: SOURCE, newest: window.to, windows: [window] };
}
