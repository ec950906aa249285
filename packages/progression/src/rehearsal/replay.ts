import type { RolloutPlan } from "../plan/rollout-plan.ts";
import type { Effect, EvidenceWindow } from "../reducer/index.ts";
import { initialState, isExposed } from "../reducer/index.ts";
import { answerTo, writtenBy } from "./answers.ts";
import type { Replay } from "./course.ts";
import type { Random } from "./random.ts";
import { seeded } from "./random.ts";
import type { RecordedWindow, Recording } from "./recording.ts";
import { Run } from "./run.ts";
import { FollowedStore } from "./store.ts";
import { thinned } from "./thinned.ts";
import { GATEWAYS } from "./window.ts";

/**
 * Runs recorded windows through another plan: what it would have done. Its windows have the recording's length.
 *
 * - It starts where EdgeZero first had a percentage, and learns from the windows before.
 * - Where EdgeZero had more than the plan would have given it, a random part of its requests counts, so that
 *   the plan has as much evidence as it would have had. `seed` says which part.
 * - Where EdgeZero had less, or legacy nothing, nobody knows how it would have done. The plan waits, with its
 *   clock stopped, until the recording has its percentage.
 * - Approvals are given at once, and writes arrive at once.
 */
export function replay(plan: RolloutPlan, recording: Recording, seed = 1): Replay {
  return new Player(plan, recording, seeded(seed)).play();
}

class Player {
  readonly #recording: Recording;
  readonly #random: Random;
  readonly #startedAt: number;
  readonly #run: Run;
  readonly #store = new FollowedStore(0);
  #isStarted = false;
  #waitedMs = 0;
  #isWaiting = false;

  constructor(plan: RolloutPlan, recording: Recording, random: Random) {
    this.#recording = recording;
    this.#random = random;
    this.#startedAt = startOf(recording);
    const { source, bounds, windowMs } = recording.head;
    const site = { source, bounds, delayMs: {}, propagationMs: windowMs, probes: true };
    const state = initialState({ ...plan, windowMs }, site);
    this.#run = new Run(state, this.#startedAt, (effect) => this.#obey(effect));
  }

  play(): Replay {
    for (const entry of this.#recording.entries) {
      if (this.#run.isOver) break;
      if (entry.type === "window") this.#take(entry);
      else this.#run.send({ type: "evidence-failed", at: entry.at, source: entry.source });
    }
    return {
      ...this.#run.finish(),
      unrecorded: unrecordedSignals(this.#run, this.#recording),
      waitedMs: this.#waitedMs,
      windowMs: this.#recording.head.windowMs,
    };
  }

  #take(window: RecordedWindow): void {
    const run = this.#run;
    if (!this.#isStarted && window.from >= this.#startedAt) this.#start();
    const given = this.#given(window);
    if (given === null) {
      this.#wait(window);
      return;
    }
    this.#isWaiting = false;
    const { source, to: at } = window;
    run.send({ type: "store", at, ...this.#store.value });
    run.send({ type: "evidence", at, source, newest: at, windows: [given] });
    if (this.#isStarted) run.windows += 1;
    this.#approve(at);
  }

  #start(): void {
    this.#isStarted = true;
    const at = this.#startedAt;
    this.#run.send({ type: "store", at, ...this.#store.value });
    this.#command("start", at, null);
  }

  /** What the window would have had at the plan's percentage; `null`: nobody knows. */
  #given(window: RecordedWindow): EvidenceWindow | null {
    const { phase } = this.#run.state;
    if (!isExposed(phase) || window.pct === phase.pass.pct) return window;
    const { pct } = phase.pass;
    if (window.pct < pct || window.pct >= 100) return null;
    return thinned(window, pct / window.pct, this.#random);
  }

  #wait({ from, to, source }: RecordedWindow): void {
    const { phase } = this.#run.state;
    if (source === this.#recording.head.source) this.#waitedMs += to - from;
    if (this.#isWaiting || !isExposed(phase)) return;
    this.#isWaiting = true;
    this.#run.note({ type: "unrecorded", pct: phase.pass.pct });
  }

  #approve(at: number): void {
    const { phase } = this.#run.state;
    if (phase.name === "awaiting-approval") this.#command("approve", at, phase.pass.stage + 1);
  }

  #command(name: "start" | "approve", at: number, stage: number | null): void {
    const command = { name, stage, keep: false, by: "replay", reason: null };
    this.#run.send({ type: "command", at, command });
  }

  #obey(effect: Effect): void {
    const { now } = this.#run.state;
    const pct = writtenBy(effect);
    if (pct !== null) {
      this.#store.write(pct, now);
      this.#run.note({ type: "written", pct });
    }
    const { epoch } = this.#store.value;
    const answer = answerTo(effect, now, true, epoch);
    if (answer !== null) this.#run.send(answer);
    if (effect.type !== "raise") return;
    const instances = GATEWAYS;
    this.#run.send({ type: "probes", at: now, epoch, instances, carrying: instances });
  }
}

/** When EdgeZero first had a percentage; the first window, where it never had one. */
function startOf({ entries }: Recording): number {
  const windows = entries.filter((entry) => entry.type === "window");
  return (windows.find(({ pct }) => pct > 0) ?? windows[0])?.from ?? 0;
}

function unrecordedSignals({ state }: Run, { entries }: Recording): readonly string[] {
  const recorded = new Set<string>();
  for (const entry of entries) {
    if (entry.type !== "window") continue;
    for (const signal of Object.keys(entry.control.signals))
      recorded.add(`${entry.source} ${signal}`);
    for (const signal of Object.keys(entry.canary.signals))
      recorded.add(`${entry.source} ${signal}`);
  }
  return state.rules.signals
    .filter(({ name, source }) => !recorded.has(`${source} ${name}`))
    .map(({ name }) => name);
}
