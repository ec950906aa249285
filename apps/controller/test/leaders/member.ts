import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EvidenceSource } from "@edgezero/evidence/source";
import type { Journal } from "@edgezero/operations/journal/journal";
import type { LeaseTerm } from "@edgezero/stores/lease";
import type { EvidenceWindow } from "@edgezero/progression";
import type { RunningRollout } from "../../src/environment/running-rollout.ts";
import { openRollout } from "../../src/environment/rollout.ts";
import { dayFiles } from "../../src/history/day-files.ts";
import { SHORT_PLAN, SIMULATED } from "../simulated-site.ts";
import type { SimulatedSite } from "../simulated-site.ts";
import { TestClock } from "../test-clock.ts";
import type { HeldServer } from "./held-server.ts";
import { SILENT } from "../silent-logger.ts";

/** One of several controllers, with a clock of its own, which a test pauses and kills. */
export class Member {
  rollout: RunningRollout | null = null;
  /** How many requests it may still send before it is paused in the middle; `null`: all. */
  pausesAfter: number | null = null;
  readonly #clock: TestClock;
  readonly #offsetMs: number;
  readonly #folder = mkdtempSync(join(tmpdir(), "edgezero-member-"));
  readonly #pid: number;
  readonly #server: HeldServer;
  readonly #journal: Journal;
  readonly #site: SimulatedSite;
  #term: LeaseTerm | null = null;
  #gate: PromiseWithResolvers<void> | null = null;
  #life = 0;

  constructor(
    server: HeldServer,
    journal: Journal,
    site: SimulatedSite,
    { pid, wall, offsetMs }: { pid: number; wall: number; offsetMs: number },
  ) {
    this.#server = server;
    this.#journal = journal;
    this.#site = site;
    this.#pid = pid;
    this.#offsetMs = offsetMs;
    this.#clock = new TestClock(wall + offsetMs);
  }

  get isPaused(): boolean {
    return this.#gate !== null;
  }

  pass(ms: number): void {
    this.#clock.pass(ms);
  }

  pause(): void {
    this.#gate ??= Promise.withResolvers();
  }

  /** It goes on with what it was about to send. */
  wake(): void {
    this.pausesAfter = null;
    this.#gate?.resolve();
    this.#gate = null;
  }

  /** As by SIGKILL: what it was about to send is never sent. */
  kill(): void {
    this.#life += 1;
    this.rollout = null;
    this.#term = null;
    this.#gate = null;
    this.pausesAfter = null;
  }

  /** What a process does in a second: it renews or asks for the lease, and ticks where it leads. */
  async second(): Promise<void> {
    if (this.rollout !== null && this.#term !== null) {
      if (await this.#term.renew()) {
        await this.rollout.tick();
        await this.rollout.settled();
        return;
      }
      await this.rollout.abandon();
      this.rollout = null;
    }
    const store = this.#server.open(this.#pid, this.#passOf(this.#life));
    const attempt = await store.leadership?.lease.take(`controller of test@${this.#pid}`);
    if (attempt?.kind !== "leading") return;
    const { term } = attempt;
    const record = store.leadership?.record("state", term.fence);
    if (record === undefined) throw new Error("no leadership");
    const rollout = await openRollout({
      name: "test",
      place: {
        store,
        journal: this.#journal,
        who: `controller of test@${this.#pid}`,
        urls: [],
        secret: null,
        means: { instances: null, isCounted: true, needed: 50 },
        safe: (text) => text,
        leads: async () => term.renew(),
        leader: term.fence,
      },
      plan: SHORT_PLAN,
      site: SIMULATED,
      sources: () => [this.#source()],
      prober: null,
      file: {
        path: "record",
        load: async () => record.load(),
        save: async (text) => record.save(text),
      },
      history: dayFiles(join(this.#folder, "history")),
      clock: this.#clock,
      logger: SILENT,
      takenFrom: term.takenFrom,
    });
    this.#term = term;
    this.rollout = rollout;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #passOf(life: number): () => Promise<void> {
    return async () => {
      if (this.pausesAfter !== null) {
        this.pausesAfter -= 1;
        if (this.pausesAfter < 0) this.pause();
      }
      await this.#gate?.promise;
      // Of a process that was killed nothing arrives.
      if (life !== this.#life) await new Promise(() => {});
    };
  }

  /** Its source tells the time by the clock of the same machine. */
  #source(): EvidenceSource {
    const site = this.#site;
    const offsetMs = this.#offsetMs;
    return {
      name: site.name,
      location: site.location,
      async read({ since }) {
        const asked = since === null ? null : since - offsetMs;
        const reading = await site.read({ since: asked });
        if (reading.kind === "missing") return reading;
        return {
          ...reading,
          newest: reading.newest === null ? null : reading.newest + offsetMs,
          windows: reading.windows.map((window) => moved(window, offsetMs)),
        };
      },
      close: async () => {},
    };
  }
}

function moved(window: EvidenceWindow, offsetMs: number): EvidenceWindow {
  return { ...window, from: window.from + offsetMs, to: window.to + offsetMs };
}
