import type { RolloutPlan } from "../plan/rollout-plan.ts";
import { initialState } from "../reducer/index.ts";
import { checkRehearsal } from "./check-rehearsal.ts";
import type { Course, Rehearsal, RehearsalOptions } from "./course.ts";
import type { Fault } from "./fault.ts";
import { isOfEdgeZero } from "./fault.ts";
import type { FilledOptions } from "./options.ts";
import { filled, siteOf } from "./options.ts";
import { seeded } from "./random.ts";
import type { Counted } from "./site.ts";
import { openSite } from "./site.ts";
import { Surroundings } from "./surroundings.ts";
import type { SyntheticTraffic } from "./traffic.ts";

/**
 * Runs a whole rollout on synthetic traffic through the reducer: from its start until it is complete, rolled
 * back and proven so, or `mostMs` is over. The same seed gives the same bytes.
 *
 * @throws RangeError where traffic, faults or options cannot be.
 */
export function rehearse(
  plan: RolloutPlan,
  traffic: SyntheticTraffic,
  faults: readonly Fault[] = [],
  seed = 1,
  options: RehearsalOptions = {},
): Rehearsal {
  const settings = filled(plan, options);
  checkRehearsal(plan, traffic, faults, settings);
  const player = new Player(plan, traffic, faults, seed, settings);
  const course = player.play();
  return { seed, ...course, ...judged(course, player.faultyFromMs) };
}

type Judged = Pick<Rehearsal, "faultyFromMs" | "detectionMs" | "isFalseRollback">;

function judged({ rollback }: Course, faultyFromMs: number | null): Judged {
  const isAfter = rollback !== null && faultyFromMs !== null && rollback.atMs > faultyFromMs;
  const isVerdict = rollback?.cause.kind === "worse" || rollback?.cause.kind === "lasted";
  return {
    faultyFromMs,
    detectionMs: isAfter ? rollback.atMs - faultyFromMs : null,
    isFalseRollback: isVerdict && !isAfter,
  };
}

/** Plays a rollout. Time goes on by whole windows. */
class Player {
  /** When the first client met a fault of EdgeZero's. */
  faultyFromMs: number | null = null;
  readonly #options: FilledOptions;
  readonly #windowMs: number;
  readonly #around: Surroundings;
  readonly #next: ReturnType<typeof openSite>;
  readonly #sources: readonly string[];
  #approvalSince: number | null = null;

  constructor(
    plan: RolloutPlan,
    traffic: SyntheticTraffic,
    faults: readonly Fault[],
    seed: number,
    options: FilledOptions,
  ) {
    this.#options = options;
    this.#windowMs = plan.windowMs;
    const state = initialState(plan, siteOf(options));
    const { signals, source } = state.rules;
    this.#sources = [...new Set([source, ...signals.map((signal) => signal.source)])];
    this.#next = openSite(signals, options.bounds, traffic, seeded(seed));
    this.#around = new Surroundings(state, faults, options.startAt, options.propagationMs);
  }

  play(): Course {
    const { startAt, warmUpMs, mostMs } = this.#options;
    const { run } = this.#around;
    let from = startAt - Math.ceil(warmUpMs / this.#windowMs) * this.#windowMs;
    for (; from < startAt; from += this.#windowMs) this.#pass(from);
    this.#around.read(startAt);
    this.#command("start", startAt, null);
    for (; !run.isOver && from < startAt + mostMs; from += this.#windowMs) {
      this.#pass(from);
      run.windows += 1;
    }
    return run.finish();
  }

  /** One window passes. */
  #pass(from: number): void {
    const to = from + this.#windowMs;
    const around = this.#around;
    const { probes } = this.#options;
    around.begin(from);
    const { obeyed } = around.store;
    const counted = this.#next({ from, to, ...obeyed, faults: around.on });
    if (this.faultyFromMs === null && obeyed.pct > 0) this.#meetFault();
    const followsAt = around.store.followsBetween(from, to);
    if (followsAt !== null) {
      around.follow(followsAt);
      around.probe(followsAt, probes);
    }
    around.follow(to);
    around.read(to);
    around.probe(to, probes);
    // A window in which the epoch changes belongs to no stage, so that a source does not give it.
    this.#read(followsAt === null ? counted : null, to);
    this.#approve(to);
  }

  #meetFault(): void {
    const { on, store } = this.#around;
    const fault = on.find(isOfEdgeZero);
    if (fault === undefined) return;
    this.faultyFromMs = Math.max(fault.atMs, store.obeyedSince - this.#options.startAt);
  }

  #read(counted: Counted | null, at: number): void {
    const { run, on } = this.#around;
    for (const source of this.#sources) {
      const isDead = on.some(
        (fault) => fault.kind === "source-dies" && (fault.source ?? source) === source,
      );
      const windows = counted === null ? [] : [counted(source)];
      if (isDead) run.send({ type: "evidence-failed", at, source });
      else run.send({ type: "evidence", at, source, newest: at, windows });
    }
  }

  #approve(at: number): void {
    const { phase } = this.#around.run.state;
    const { approvesAfterMs } = this.#options;
    if (phase.name !== "awaiting-approval" || approvesAfterMs === null) {
      this.#approvalSince = null;
      return;
    }
    this.#approvalSince ??= at;
    const isDue = at - this.#approvalSince >= approvesAfterMs;
    if (isDue) this.#command("approve", at, phase.pass.stage + 1);
  }

  #command(name: "start" | "approve", at: number, stage: number | null): void {
    const command = { name, stage, keep: false, by: "rehearsal", reason: null };
    this.#around.run.send({ type: "command", at, command });
  }
}
