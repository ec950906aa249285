import type { Effect, RolloutEvent, RolloutState } from "../reducer/index.ts";
import { explain, isExposed, reduce } from "../reducer/index.ts";
import type { Course, CourseStage, Happening } from "./course.ts";

/** A happening without its time. */
type What<Of = Happening> = Of extends Happening ? Omit<Of, "atMs"> : never;

/** A rollout that is run through: the reducer's state, and what happened so far. */
export class Run {
  state: RolloutState;
  windows = 0;
  readonly #startedAt: number;
  readonly #obey: (effect: Effect) => void;
  readonly #timeline: Happening[] = [];
  readonly #stages: CourseStage[] = [];
  #pass = 0;
  #rollback: Course["rollback"] = null;
  #completedAtMs: number | null = null;

  /** `obey`: carries out an effect, and may send the event that answers it at once. */
  constructor(state: RolloutState, startedAt: number, obey: (effect: Effect) => void) {
    this.state = state;
    this.#startedAt = startedAt;
    this.#obey = obey;
  }

  get isOver(): boolean {
    const { name } = this.state.phase;
    return name === "completed" || name === "rolled-back";
  }

  /** Reduces an event, notes what follows from it, and carries that out. */
  send(event: RolloutEvent): void {
    const before = this.state;
    const { state, effects } = reduce(before, event);
    this.state = state;
    this.#watch(before);
    for (const effect of effects) this.note({ type: "effect", effect });
    for (const effect of effects) this.#obey(effect);
  }

  /** Notes what happened at a time, or at that of the last event. */
  note(what: What, at: number = this.state.now): void {
    this.#timeline.push({ atMs: at - this.#startedAt, ...what });
  }

  finish(): Course {
    const { sentence, waitsFor, state } = explain(this.state);
    this.#leaveStage();
    return {
      startedAt: this.#startedAt,
      timeline: this.#timeline,
      stages: this.#stages,
      rollback: this.#rollback,
      completedAtMs: this.#completedAtMs,
      end: { atMs: this.#ms, state, sentence, waitsFor },
      windows: this.windows,
    };
  }

  get #ms(): number {
    return this.state.now - this.#startedAt;
  }

  /** Notes where the rollout went from a state. */
  #watch({ phase: before }: RolloutState): void {
    const { phase } = this.state;
    if (phase === before) return;
    const atMs = this.#ms;
    if ("rollback" in phase) {
      const pct = isExposed(before) ? before.pass.pct : 0;
      this.#rollback ??= { atMs, pct, cause: phase.rollback.cause };
      if (isExposed(before)) this.#leaveStage();
      return;
    }
    if (!isExposed(phase)) return;
    if (phase.name === "completed") this.#completedAtMs ??= atMs;
    const { number, stage, pct, requests } = phase.pass;
    if (number === this.#pass) {
      const last = this.#stages.at(-1);
      if (last !== undefined) this.#stages[this.#stages.length - 1] = { ...last, requests };
      return;
    }
    this.#leaveStage();
    this.#pass = number;
    this.#stages.push({ stage: stage + 1, pct, fromMs: atMs, toMs: atMs, requests });
  }

  #leaveStage(): void {
    const last = this.#stages.at(-1);
    if (last === undefined || last.toMs > last.fromMs) return;
    this.#stages[this.#stages.length - 1] = { ...last, toMs: this.#ms };
  }
}
