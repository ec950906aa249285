import type { Command, RolloutEvent, RolloutState, Site } from "@edgezero/progression";
import { expandPlan, initialState, reduce } from "@edgezero/progression";

const WINDOW = 15_000;
export const START: number = Date.UTC(2026, 10, 26, 12);
const SITE: Site = {
  source: "scrape",
  bounds: [50, 100, 200, 400],
  delayMs: {},
  propagationMs: 15_000,
  probes: true,
};

/** A rollout that a test moves by windows of 2,000 requests. */
export class Rollout {
  at = START;
  pct = 0;
  state: RolloutState = withApproval();

  send(event: RolloutEvent): void {
    const { state, effects } = reduce(this.state, event);
    this.state = state;
    for (const effect of effects) {
      if (effect.type === "raise") {
        this.pct = effect.pct;
        const { id } = effect;
        this.send({ type: "raised", at: this.at, id, written: true, epoch: `e${this.pct}` });
      }
    }
  }

  command(name: Command["name"], more: Partial<Command> = {}): void {
    const command = { stage: null, keep: false, by: "ana", reason: null, ...more, name };
    this.send({ type: "command", at: this.at, command });
  }

  /** So many windows pass, in which so many of EdgeZero's requests fail. */
  passes(count: number, failures = 0, isEmpty = false): void {
    for (let i = 0; i < count; i += 1) this.#pass(failures, isEmpty);
  }

  #pass(failures: number, isEmpty: boolean): void {
    this.at += WINDOW;
    const { at, pct } = this;
    const epoch = `e${pct}`;
    this.send({ type: "store", at, pct, epoch });
    this.send({ type: "probes", at, epoch, instances: 1, carrying: 1 });
    const requests = isEmpty ? 0 : 2000;
    const path = (share: number, hits: number) => ({
      requests: requests * share,
      clients: null,
      signals: {
        errors: { trials: requests * share, hits },
        timeouts: { trials: requests * share, hits: 0 },
        p95: { buckets: [requests * share, 0, 0, 0, 0] },
      },
    });
    const canary = path(pct / 100, failures);
    const control = path(1 - pct / 100, isEmpty ? 0 : 2);
    const decisions = { [epoch]: requests };
    const windows = [{ from: at - WINDOW, to: at, canary, control, decisions, instances: 1 }];
    this.send({ type: "evidence", at, source: "scrape", newest: at, windows });
  }
}

function withApproval(): RolloutState {
  const plan = expandPlan([
    { pct: 10, hold: "2m" },
    { pct: 50, hold: "2m" },
  ]);
  const stages = plan.stages.map((stage) => ({ ...stage, approval: stage.pct === 10 }));
  return initialState({ ...plan, stages }, SITE);
}
