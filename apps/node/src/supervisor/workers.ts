import type { Logger } from "@edgezero/rollout";
import type { EndReason, GatewayCounts, PageWorker } from "./gateway-counts.ts";
import type { Ending } from "./messages.ts";
import { restartDelayMs, STEADY_MS } from "./restart-delay.ts";
import type { WorkerProcess } from "./worker.ts";

/** Environment variables. */
export type Environment = Readonly<Record<string, string>>;

/** Settings of {@link Workers}. */
export interface WorkersOptions {
  readonly count: number;
  readonly start: (number: number, env: Environment, onChange: () => void) => WorkerProcess;
  readonly counts: GatewayCounts;
  readonly logger: Logger;
  /** How long a worker may take to end when it is asked to, in milliseconds. Then it is killed. */
  readonly endMs: () => number;
}

/** A number of a worker, and who has it. */
interface Place {
  readonly number: number;
  /** The settings of the worker that serves, which one that replaces a crashed one has too. */
  env: Environment;
  /** The worker that serves; `null` between its end and the start of another. */
  current: WorkerProcess | null;
  /** The worker that is to take its place. */
  next: WorkerProcess | null;
  /** How many have ended one after the other before they were steady. */
  endsInARow: number;
  /** The wait before another start. */
  timer: NodeJS.Timeout | null;
}

/** The workers of a gateway: as many as there should be, and those that are ending. */
export class Workers {
  readonly #options: WorkersOptions;
  readonly #places: readonly Place[];
  /** All that have not ended and told everything. */
  readonly #live = new Set<WorkerProcess>();
  readonly #hung = new WeakSet<WorkerProcess>();
  #isWatching = false;
  #isStopping = false;
  #ended: Promise<void> | undefined;
  #wasReady = false;

  constructor(options: WorkersOptions, env: Environment) {
    this.#options = options;
    this.#places = Array.from({ length: options.count }, (_, index) => ({
      number: index + 1,
      env,
      current: null,
      next: null,
      endsInARow: 0,
      timer: null,
    }));
  }

  get places(): readonly { readonly number: number; readonly env: Environment }[] {
    return this.#places;
  }

  /** Whether each number has a worker that is ready, and no end was asked for. */
  isReady(): boolean {
    return !this.#isStopping && this.#readyByNumber().every(Boolean);
  }

  /** Starts the worker of a number, which then serves. Rejects when it ends before it listens. */
  async startFirst(number: number): Promise<Awaited<WorkerProcess["started"]>> {
    const place = this.#place(number);
    const worker = this.#begin(place, place.env);
    place.current = worker;
    return worker.started;
  }

  /** From now on those that end are replaced. */
  watch(): void {
    this.#isWatching = true;
    const present = this.#places.flatMap(({ current }) => current ?? []);
    // One that has ended already is no longer alive, and is replaced too.
    for (const worker of new Set([...this.#live, ...present])) void this.#follow(worker);
  }

  /** Looks for workers that hang, and kills them. To be called each second. */
  look(): void {
    const { logger } = this.#options;
    for (const worker of this.#live) {
      if (!worker.heartbeat.isSilent()) continue;
      const { number, pid } = worker;
      logger.error("worker hangs, and is killed", { worker: number, worker_pid: pid });
      this.#hung.add(worker);
      worker.kill();
    }
  }

  /**
   * Puts a new worker in the place of the one of a number. The old one serves until the new one is ready,
   * and then ends what it has begun. Resolves when the old one has ended; rejects, with the old one
   * unharmed, where the new one does not become ready within `readyMs` milliseconds, and where all are to end.
   */
  async replace(number: number, env: Environment, readyMs: number): Promise<void> {
    const place = this.#place(number);
    const worker = this.#begin(place, env);
    place.next = worker;
    clearTimeout(place.timer ?? undefined);
    place.timer = null;
    try {
      await worker.started;
      await this.#becomesReady(worker, readyMs);
    } catch (error) {
      place.next = null;
      // One that is to end with the others may have clients.
      if (!this.#isStopping) worker.kill();
      if (place.current === null) this.#startLater(place);
      throw error;
    }
    const before = place.current;
    Object.assign(place, { current: worker, next: null, env, endsInARow: 0 });
    this.#tellReady();
    if (before !== null) await this.#end(before, "restart");
  }

  /** Ends all workers, and starts no other. Resolves when the last one has ended. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#ended ??= this.#endAll();
    return this.#ended;
  }

  async #endAll(): Promise<void> {
    for (const { timer } of this.#places) clearTimeout(timer ?? undefined);
    this.#tellReady();
    await Promise.all([...this.#live].map(async (worker) => this.#end(worker, "stop")));
  }

  /** The page of metrics, once all have told what they have counted. */
  async page(): Promise<string> {
    await Promise.all([...this.#live].map(async (worker) => worker.count()));
    const isCurrent = new Set(this.#places.map(({ current }) => current));
    const workers: PageWorker[] = [...this.#live].map((process) => ({
      process,
      isCurrent: isCurrent.has(process),
    }));
    return this.#options.counts.page(workers, this.#readyByNumber());
  }

  #place(number: number): Place {
    return this.#places[number - 1] as Place;
  }

  #readyByNumber(): boolean[] {
    return this.#places.map(({ current }) => current?.isReady() ?? false);
  }

  /** @throws Error where all are to end. */
  #begin(place: Place, env: Environment): WorkerProcess {
    this.#refuseWhenStopping();
    const worker = this.#options.start(place.number, env, () => this.#tellReady());
    this.#live.add(worker);
    void this.#hearLast(worker);
    void this.#introduce(worker);
    if (this.#isWatching) void this.#follow(worker);
    return worker;
  }

  /** Keeps what a worker has counted, once it has told all. */
  async #hearLast(worker: WorkerProcess): Promise<void> {
    await worker.silenced;
    this.#options.counts.keep(worker);
    this.#live.delete(worker);
  }

  /** Tells a new worker whether all are ready. */
  async #introduce(worker: WorkerProcess): Promise<void> {
    await worker.started.catch(() => {});
    worker.tellAllReady(this.isReady());
  }

  /** Replaces a worker when it ends. */
  async #follow(worker: WorkerProcess): Promise<void> {
    const { code, signal, fault } = await worker.exited;
    const { logger, counts } = this.#options;
    const place = this.#place(worker.number);
    this.#tellReady();
    if (this.#isStopping) return;
    const reason: EndReason = this.#hung.has(worker) ? "hang" : (asked(worker) ?? "crash");
    counts.countEnd(reason);
    if (place.current !== worker) return;
    place.current = null;
    const isSteady = performance.now() - worker.startedAt >= STEADY_MS;
    place.endsInARow = isSteady ? 0 : place.endsInARow + 1;
    const { number, pid } = worker;
    if (fault === null) {
      const ended = signal ?? `exit code ${code}`;
      logger.error("worker ended", { worker: number, worker_pid: pid, reason, ended });
    } else {
      logger.error("worker has no process", { worker: number, error: fault });
    }
    if (place.next === null) this.#startLater(place);
  }

  #startLater(place: Place): void {
    if (this.#isStopping) return;
    const { logger } = this.#options;
    const delayMs = restartDelayMs(place.endsInARow);
    place.timer = setTimeout(() => {
      place.timer = null;
      const worker = this.#begin(place, place.env);
      place.current = worker;
      const { number, pid } = worker;
      if (pid !== 0) logger.info("worker starts", { worker: number, worker_pid: pid });
    }, delayMs);
  }

  async #becomesReady(worker: WorkerProcess, readyMs: number): Promise<void> {
    const latest = performance.now() + readyMs;
    while (!worker.isReady()) {
      this.#refuseWhenStopping();
      if (!this.#live.has(worker)) throw new Error("it ended before it was ready");
      if (performance.now() > latest) throw new Error(`it was not ready within ${readyMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    this.#refuseWhenStopping();
  }

  #refuseWhenStopping(): void {
    if (this.#isStopping) throw new Error("the gateway is stopping");
  }

  async #end(worker: WorkerProcess, how: Ending): Promise<void> {
    const { logger } = this.#options;
    const timer = setTimeout(() => {
      const { number, pid } = worker;
      logger.error("worker does not end, and is killed", { worker: number, worker_pid: pid });
      worker.kill();
    }, this.#options.endMs());
    worker.end(how);
    await worker.silenced;
    clearTimeout(timer);
  }

  /** Tells every worker whether all are ready, where that has changed. */
  #tellReady(): void {
    const isReady = this.isReady();
    if (isReady === this.#wasReady) return;
    this.#wasReady = isReady;
    for (const worker of this.#live) worker.tellAllReady(isReady);
  }
}

function asked(worker: WorkerProcess): "restart" | null {
  return worker.ending() === null ? null : "restart";
}
