import type { EnvironmentView, SourceView } from "@edgezero/control-api/environment-view";
import type { History } from "@edgezero/control-api/history";
import type { Happening, TimelineEntry } from "@edgezero/control-api/timeline";
import { viewOf } from "@edgezero/control-api/view-of";
import type { HistoryPoint } from "@edgezero/controller/history/thin";
import { historyOf, pointOf } from "@edgezero/controller/history/thin";
import { clientsMoment, createObservedClients } from "@edgezero/controller/loop/observed-clients";
import { recordOf } from "@edgezero/controller/loop/record";
import type { Command, EvidenceWindow, RolloutEvent, RolloutState } from "@edgezero/progression";
import { explain, initialState, parsePlan, reduce } from "@edgezero/progression";
import { seededRandom } from "./seeded-random.ts";

/** Upper bounds of latency in milliseconds, each a twelfth above the last. */
const BOUNDS = Array.from({ length: 60 }, (_, index) => Math.round(20 * 1.08 ** index));

/** How one path behaves: its part of failures and timeouts, and its median latency. */
export interface Behaviour {
  failures: number;
  timeouts: number;
  medianMs: number;
}

/** What is recorded at a moment: a view, and how it came to it. */
export interface Recorded {
  readonly view: EnvironmentView;
  readonly history: History;
}

const HEALTHY: Behaviour = { failures: 0.005, timeouts: 0.0005, medianMs: 80 };

/** A rollout of a plan over a simulated site, without clock, disk or network. */
export class Recorder {
  at: number;
  pct = 0;
  /** Of both paths together, in a window. */
  requests = 3000;
  readonly edgezero: Behaviour = { ...HEALTHY };
  readonly legacy: Behaviour = { ...HEALTHY };
  /** Why the source gives nothing; `null` while it does. */
  missing: string | null = null;
  /** What its windows do not have whole. */
  note: string | null = null;
  /** The part of requests that EdgeZero really gets; `null`: as configured. */
  share: number | null = null;
  /** What of the store sends every client to legacy, by someone else's hand. */
  legacyBy: EnvironmentView["legacyBy"] = null;
  /** Whether gateways decide by the newest value. */
  isArriving = true;
  /** Whether writes, and proofs of them, come back at once. */
  isWriting = true;
  isProving = true;
  state: RolloutState;
  readonly #random: () => number;
  readonly #windowMs: number;
  #epoch = 0;
  #newest: number | null = null;
  #observed: number | null = null;
  readonly #clients = createObservedClients();
  #timeline: TimelineEntry[] = [];
  #points: HistoryPoint[] = [];

  constructor(plan: unknown, at: number, seed = 7) {
    const parsed = parsePlan(plan);
    if (parsed.plan === null) throw new Error(JSON.stringify(parsed.findings));
    this.at = at;
    this.#windowMs = parsed.plan.windowMs;
    this.#random = seededRandom(seed);
    this.state = initialState(parsed.plan, {
      source: "scrape",
      bounds: BOUNDS,
      delayMs: {},
      propagationMs: this.#windowMs,
      probes: true,
    });
  }

  command(name: Command["name"], more: Partial<Command> = {}): void {
    const command = { stage: null, keep: false, by: "ana", reason: null, ...more, name };
    this.#send({ type: "command", at: this.at, command }, command.reason);
  }

  /** Someone else writes. */
  set(pct: number): void {
    this.pct = pct;
    this.#epoch += 1;
  }

  /** Windows pass until a state is there, or that many. */
  pass(until: number | ((state: RolloutState) => boolean), most = 7000): void {
    const limit = typeof until === "number" ? until : most;
    for (let i = 0; i < limit; i += 1) {
      if (typeof until !== "number" && until(this.state)) return;
      this.#pass();
    }
    if (typeof until !== "number") throw new Error(`never there: ${this.state.phase.name}`);
  }

  recorded(name = "production"): Recorded {
    return { view: this.#view(name), history: historyOf(this.#points, this.at) };
  }

  #view(name: string): EnvironmentView {
    const source: SourceView = {
      name: "scrape",
      location: "scrape:http://gateway.internal:9464/metrics",
      newest: this.#newest,
      missing: this.missing,
      note: this.note,
    };
    const { moment, since } = clientsMoment(this.state.phase, this.state.now);
    return viewOf(explain(this.state), {
      name,
      store: "file:./rollout.json",
      state: this.state,
      observedShare: this.#observed,
      clients: this.#clients.at(moment, since),
      legacyBy: this.legacyBy,
      sources: [source],
      timeline: this.#timeline,
    });
  }

  #send(event: RolloutEvent, reason: string | null = null): void {
    const { state, effects } = reduce(this.state, event);
    this.state = state;
    for (const effect of effects) {
      const kept = recordOf(effect, state, reason);
      if (kept !== null) this.#timeline.push(kept.entry);
      if (effect.type === "raise" && this.isWriting) {
        const { id, from, pct } = effect;
        this.set(pct);
        this.#remember({ kind: "change", pct, written: true }, `Wrote ${pct}%, after ${from}%.`);
        this.#send({ type: "raised", at: this.at, id, written: true, epoch: this.#name() });
      }
      if (effect.type === "write-zero" && this.isWriting) {
        this.set(0);
        this.at += 120;
        this.#remember({ kind: "change", pct: 0, written: true }, "Wrote 0.");
        this.#send({
          type: "zeroed",
          at: this.at,
          id: effect.id,
          written: true,
          epoch: this.#name(),
        });
      }
      if (effect.type === "prove-zero" && this.isProving) {
        this.at += 680;
        const sentence = "Rolled back, and verified: 3 gateways answered by the 0.";
        this.#remember({ kind: "proof", proven: true }, sentence);
        this.#send({ type: "proved", at: this.at, id: effect.id, proven: true });
      }
    }
  }

  /** The proof of a 0 is refused. */
  fails(sentence: string): void {
    const { phase } = this.state;
    if (!("rollback" in phase)) return;
    this.at += 10_000;
    this.#remember({ kind: "proof", proven: false }, sentence);
    this.#send({ type: "proved", at: this.at, id: phase.rollback.id, proven: false });
  }

  #remember(happening: Happening, sentence: string): void {
    this.#timeline.push({ at: this.at, ...happening, sentence, who: null, reason: null });
  }

  #name(): string {
    return `e${this.#epoch}`;
  }

  #pass(): void {
    this.at = this.#windowMs * (Math.floor(this.at / this.#windowMs) + 1);
    const { at, pct } = this;
    const epoch = this.#name();
    this.#send({ type: "tick", at });
    this.#send({ type: "store", at, pct, epoch });
    const carrying = this.isArriving ? 3 : 1;
    this.#send({ type: "probes", at, epoch, instances: 3, carrying });
    if (this.missing === null) this.#evidence(epoch);
    else {
      this.#observed = null;
      this.#send({ type: "evidence", at, source: "scrape", newest: this.#newest, windows: [] });
    }
    this.#points.push(pointOf(this.#view("")));
  }

  #evidence(epoch: string): void {
    const { at } = this;
    const wobble = 1 + 0.12 * Math.sin(at / 1_500_000) + 0.05 * (this.#random() - 0.5);
    const all = Math.round(this.requests * wobble);
    const share = this.share ?? this.pct / 100;
    const onEdgeZero = share >= 1 ? all : share === 0 ? 0 : this.#hits(all, share);
    const canary = this.#path(onEdgeZero, this.edgezero);
    const control = this.#path(all - onEdgeZero, this.legacy);
    this.#observed = all === 0 ? null : onEdgeZero / all;
    this.#newest = at;
    const decisions = { [epoch]: all };
    const from = at - this.#windowMs;
    const windows = [{ from, to: at, canary, control, decisions, instances: 3 }];
    this.#clients.add(windows);
    this.#send({ type: "evidence", at, source: "scrape", newest: at, windows });
  }

  #path(requests: number, { failures, timeouts, medianMs }: Behaviour): EvidenceWindow["canary"] {
    const errors = this.#hits(requests, failures);
    const late = Math.min(requests - errors, this.#hits(requests, timeouts));
    return {
      requests,
      clients: {
        all: Math.round(requests / 3),
        failing: Math.min(errors, Math.round(requests / 3)),
      },
      signals: {
        errors: { trials: requests, hits: errors },
        timeouts: { trials: requests, hits: late },
        p95: { buckets: this.#latencies(requests - errors - late, medianMs) },
      },
    };
  }

  /** Latencies around a median, about as a log-normal distribution has them. */
  #latencies(count: number, medianMs: number): number[] {
    const buckets = Array.from({ length: BOUNDS.length + 1 }, () => 0);
    let left = count;
    const below = (bound: number): number => 1 / (1 + Math.exp(-2.6 * Math.log(bound / medianMs)));
    let before = 0;
    for (const [index, bound] of BOUNDS.entries()) {
      const part = (below(bound) - before) / Math.max(1e-9, 1 - before);
      const here = Math.min(left, this.#hits(left, part));
      buckets[index] = here;
      left -= here;
      before = below(bound);
    }
    buckets[BOUNDS.length] = left;
    return buckets;
  }

  /** How many of so many come true, each with this chance. */
  #hits(trials: number, chance: number): number {
    const mean = trials * chance;
    if (trials < 200) return this.#counted(trials, chance);
    if (mean < 30) return Math.min(trials, this.#few(mean));
    const spread = Math.sqrt(Math.max(0, mean * (1 - chance)));
    const normal = this.#random() + this.#random() + this.#random() + this.#random() - 2;
    const drawn = mean + spread * normal * Math.sqrt(3);
    return Math.min(trials, Math.max(0, Math.round(drawn)));
  }

  #counted(trials: number, chance: number): number {
    let count = 0;
    for (let i = 0; i < trials; i += 1) count += this.#random() < chance ? 1 : 0;
    return count;
  }

  /** A count of rare things by its mean (Knuth's way to a Poisson number). */
  #few(mean: number): number {
    const limit = Math.exp(-mean);
    let count = -1;
    for (let product = 1; product > limit; product *= this.#random()) count += 1;
    return count;
  }
}
