import type { RolloutPlan, RolloutSignal, RolloutStage } from "../src/plan/rollout-plan.ts";
import { expandPlan } from "../src/plan/short-plan.ts";
import { initialState } from "../src/reducer/initial-state.ts";
import { reduce } from "../src/reducer/reduce.ts";
import { answerTo, writtenBy } from "../src/rehearsal/answers.ts";
import { windowUnder } from "../src/rehearsal/window.ts";
import type {
  Command,
  Effect,
  EvidenceWindow,
  PathCounts,
  RolloutEvent,
  RolloutState,
  Site,
} from "../src/reducer/index.ts";

export const WINDOW = 15_000;
export const MINUTE = 60_000;
/** A Thursday, 12:00 UTC. */
export const START: number = Date.UTC(2026, 10, 26, 12);

export const BOUNDS: readonly number[] = [50, 100, 200, 300, 500, 800, 1500];
export const SITE: Site = {
  source: "scrape",
  bounds: BOUNDS,
  delayMs: {},
  propagationMs: 15_000,
  probes: true,
};

/** Two short stages and the whole, so that a test sees the end. */
export const PLAN: RolloutPlan = expandPlan([
  { pct: 10, hold: "2m" },
  { pct: 50, hold: "2m" },
  { pct: 100, hold: "2m" },
]);

/** A plan with something else said of each of its stages, and of the signals that are named. */
export function changed(
  plan: RolloutPlan,
  ofStages: Partial<RolloutStage>,
  ofSignals: Readonly<Record<string, Partial<RolloutSignal>>> = {},
): RolloutPlan {
  const stage = (before: RolloutStage): RolloutStage => ({ ...before, ...ofStages });
  const signal = (before: RolloutSignal): RolloutSignal => ({
    ...before,
    ...ofSignals[before.name],
  });
  return { ...plan, stages: plan.stages.map(stage), signals: plan.signals.map(signal) };
}

/** What a path shows in a window. Left out: nothing fails, and latency is even. */
export interface Load {
  readonly requests?: number;
  readonly failures?: number;
  readonly timeouts?: number;
  /** The part of requests that are slow. */
  readonly slow?: number;
  readonly clients?: { readonly all: number; readonly failing: number } | null;
  readonly without?: readonly string[];
}

export function path({
  requests = 1000,
  failures = 0,
  timeouts = 0,
  slow = 0.04,
  clients = null,
  without = [],
}: Load): PathCounts {
  const slowCount = Math.round(requests * slow);
  const signals: Record<string, PathCounts["signals"][string]> = {
    errors: { trials: requests, hits: failures },
    timeouts: { trials: requests, hits: timeouts },
    p95: { buckets: [0, requests - slowCount, 0, 0, slowCount, 0, 0, 0] },
  };
  for (const name of without) delete signals[name];
  return { requests, clients, signals };
}

/** A rollout and the site around it: a store that takes every write, and gateways that obey at once. */
export class Rollout {
  state: RolloutState;
  at = START;
  pct = 0;
  /** Whether the store takes writes, and whether gateways follow it. */
  takes = true;
  obeys = true;
  readsStore = true;
  probes = true;
  instances: number | null = 2;
  answering = 2;
  /** What a source makes of a window. */
  alter: (window: EvidenceWindow) => EvidenceWindow = (window) => window;
  readonly effects: Effect[] = [];
  readonly events: RolloutEvent[] = [];

  constructor(plan: RolloutPlan = PLAN, site: Site = SITE) {
    this.state = initialState(plan, site);
  }

  get name(): string {
    const { phase } = this.state;
    return phase.name === "held" ? `held: ${phase.reason}` : phase.name;
  }

  get epoch(): string {
    return `epoch-${this.pct}`;
  }

  /** Reduces an event, and does what follows from it at once. */
  send(event: RolloutEvent): Effect[] {
    const { state, effects } = reduce(this.state, event);
    this.state = state;
    this.events.push(event);
    this.effects.push(...effects);
    for (const effect of effects) this.#obey(effect);
    return [...effects];
  }

  #obey(effect: Effect): void {
    const pct = writtenBy(effect);
    if (pct !== null && this.takes) this.pct = pct;
    const isDone = effect.type === "prove-zero" ? this.obeys : this.takes;
    const answer = answerTo(effect, this.at, isDone, this.epoch);
    if (answer !== null) this.send(answer);
  }

  command(name: Command["name"], more: Partial<Command> = {}): Effect {
    const command = { stage: null, keep: false, by: "ana", reason: null, ...more, name };
    const effects = this.send({ type: "command", at: this.at, command });
    const answer = effects.find(({ type }) => type === "answer");
    if (answer === undefined) throw new Error("a command without an answer");
    return answer;
  }

  tick(ms = 0): Effect[] {
    this.at += ms;
    return this.send({ type: "tick", at: this.at });
  }

  readStore(): void {
    this.send({ type: "store", at: this.at, pct: this.pct, epoch: this.epoch });
  }

  window(
    canary: Load = {},
    control: Load = {},
    more: Partial<EvidenceWindow> = {},
  ): EvidenceWindow {
    const span = { from: this.at - WINDOW, to: this.at };
    const share = this.pct / 100;
    const own = path({ requests: 2000 * share, ...canary });
    const legacy = path({ requests: 2000 * (1 - share), ...control });
    const window = windowUnder(this.epoch, span, own, legacy, this.instances);
    return { ...window, decisions: { [this.epoch]: 2000 }, ...more };
  }

  /** One window passes, with what both paths show in it. */
  pass(canary: Load = {}, control: Load = {}, more: Partial<EvidenceWindow> = {}): void {
    this.at += WINDOW;
    const { at } = this;
    if (this.readsStore) this.readStore();
    if (this.probes) {
      const carrying = this.obeys ? this.answering : 0;
      this.send({ type: "probes", at, epoch: this.epoch, instances: this.answering, carrying });
    }
    const windows = [this.alter(this.window(canary, control, more))];
    this.send({ type: "evidence", at, source: "scrape", newest: at, windows });
  }

  /** So many windows pass. */
  passes(
    count: number,
    canary: Load = {},
    control: Load = {},
    more: Partial<EvidenceWindow> = {},
  ): void {
    for (let i = 0; i < count; i += 1) this.pass(canary, control, more);
  }

  /** Windows pass until a state is there, or none is left. */
  until(name: string, most = 200, canary: Load = {}, control: Load = {}): void {
    for (let i = 0; i < most && this.name !== name; i += 1) this.pass(canary, control);
    if (this.name !== name) throw new Error(`${this.name} after ${most} windows, not ${name}`);
  }

  /** Starts, and goes on until the first stage is observed. */
  begin(): this {
    this.readStore();
    this.command("start");
    this.until("observing");
    return this;
  }

  pages(): string[] {
    return this.effects.flatMap((effect) => (effect.type === "page" ? [effect.reason] : []));
  }
}
