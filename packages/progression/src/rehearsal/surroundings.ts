import type { Effect, RolloutState } from "../reducer/index.ts";
import { isExposed } from "../reducer/index.ts";
import { answerTo, writtenBy } from "./answers.ts";
import type { Fault } from "./fault.ts";
import { isOn, lastOf } from "./fault.ts";
import { Run } from "./run.ts";
import { FollowedStore } from "./store.ts";
import { GATEWAYS } from "./window.ts";

/** A rollout, the store that it writes, the gateways behind it, and the faults that are on. */
export class Surroundings {
  readonly run: Run;
  readonly store: FollowedStore;
  /** The faults that are on in the present window. */
  on: readonly Fault[] = [];
  readonly #faults: readonly Fault[];
  readonly #startAt: number;
  /** Writes that a stalled store has not answered. */
  #pending: readonly Effect[] = [];
  /** A proof that waits until gateways follow. */
  #proof: Effect | null = null;

  constructor(
    state: RolloutState,
    faults: readonly Fault[],
    startAt: number,
    propagationMs: number,
  ) {
    this.#faults = faults;
    this.#startAt = startAt;
    this.store = new FollowedStore(propagationMs);
    this.run = new Run(state, startAt, (effect) => this.#obey(effect));
  }

  get isStalled(): boolean {
    return lastOf(this.on, "store-stalls") !== null;
  }

  /** What changes as a window begins: faults, what a stalled store was asked, and what gateways decide by. */
  begin(from: number): void {
    if (this.#faults.length > 0) this.#changeFaults(from);
    if (!this.isStalled && this.#pending.length > 0) {
      const asked = this.#pending;
      this.#pending = [];
      for (const effect of asked) this.#obey(effect);
    }
    this.follow(from);
  }

  /** Gateways follow what was written long enough before. */
  follow(at: number): void {
    if (this.store.follow(at)) this.run.note({ type: "obeyed", pct: this.store.obeyed.pct }, at);
  }

  #changeFaults(from: number): void {
    const on = this.#faults.filter((fault) => isOn(fault, from - this.#startAt));
    for (const fault of on) {
      if (!this.on.includes(fault)) this.run.note({ type: "fault-began", fault }, from);
    }
    for (const fault of this.on) {
      if (!on.includes(fault)) this.run.note({ type: "fault-ended", fault }, from);
    }
    this.on = on;
  }

  /** The store is read. */
  read(at: number): void {
    if (!this.isStalled) this.run.send({ type: "store", at, ...this.store.value });
  }

  /** Gateways are asked what they decide by, where the rollout waits for that. */
  probe(at: number, isAnswered: boolean): void {
    const { value } = this.store;
    const isFollowed = this.store.isFollowedAt(at);
    if (this.#proof !== null && isFollowed) {
      const answer = answerTo(this.#proof, at, true, value.epoch);
      this.#proof = null;
      if (answer !== null) this.run.send(answer);
    }
    const { phase } = this.run.state;
    if (!isAnswered || !isExposed(phase) || phase.pass.arrivedAt !== null) return;
    const carrying = isFollowed ? GATEWAYS : 0;
    const { epoch } = value;
    this.run.send({ type: "probes", at, epoch, instances: GATEWAYS, carrying });
  }

  #obey(effect: Effect): void {
    const { now } = this.run.state;
    const pct = writtenBy(effect);
    if (effect.type === "prove-zero") this.#proof = effect;
    if (pct === null) return;
    if (this.isStalled) {
      this.#pending = [...this.#pending, effect];
      return;
    }
    this.store.write(pct, now);
    this.run.note({ type: "written", pct });
    const answer = answerTo(effect, now, true, this.store.value.epoch);
    if (answer !== null) this.run.send(answer);
  }
}
