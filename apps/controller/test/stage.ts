import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFileJournal } from "@edgezero/operations/journal/file/file-journal";
import type { Journal } from "@edgezero/operations/journal/journal";
import { openRedisJournal } from "@edgezero/operations/journal/redis/redis-journal";
import {
  CONFIG_STORE_NAME,
  EDGEZERO_ENABLED_KEY,
  EDGEZERO_ROLLOUT_PCT_KEY,
} from "@edgezero/rollout";
import { openStore } from "@edgezero/stores/file/operator";
import type { OperatorStore } from "@edgezero/stores/operator-store";
import { openStore as openRedisStore } from "@edgezero/stores/redis/operator";
import { redisCommand } from "@edgezero/testbed/redis/redis-command";
import type { Place } from "../src/effects/place.ts";
import { dayFiles } from "../src/history/day-files.ts";
import type { RolloutParts } from "../src/environment/rollout-parts.ts";
import type { RunningRollout } from "../src/environment/running-rollout.ts";
import { openRollout } from "../src/environment/rollout.ts";
import type { StateFile } from "../src/state/state-file.ts";
import { stateFile } from "../src/state/state-file.ts";
import { SHORT_PLAN, SIMULATED, SimulatedSite } from "./simulated-site.ts";
import { TestClock } from "./test-clock.ts";
import { SILENT } from "./silent-logger.ts";

export const BEGIN: number = Date.UTC(2026, 10, 26, 12);

/** The ports of a controller's process, which a test may replace. */
export interface Ports {
  readonly store: OperatorStore;
  readonly journal: Journal;
  readonly file: StateFile;
}

/**
 * A folder with a file store, a trail and a state, a site that obeys the store, and a clock. With the URL of a
 * Redis, store and trail are there.
 */
export class Stage {
  readonly folder: string;
  readonly storePath: string;
  readonly trailPath: string;
  readonly clock: TestClock;
  readonly site: SimulatedSite;
  readonly #redisUrl: string | null;

  /** @param folder One that an earlier stage has left; a new one with a store at 0 unless given. */
  constructor(folder: string | null = null, wall: number = BEGIN, redisUrl: string | null = null) {
    this.#redisUrl = redisUrl;
    this.folder = folder ?? mkdtempSync(join(tmpdir(), "edgezero-controller-"));
    this.storePath = join(this.folder, "rollout.json");
    this.trailPath = join(this.folder, "rollout.audit.jsonl");
    this.clock = new TestClock(wall);
    if (folder === null) this.set(0);
    this.site = new SimulatedSite(this.clock, async () => this.store().read());
  }

  /** Writes the store as somebody else does. */
  set(pct: number, enabled = true): void {
    const values = {
      [EDGEZERO_ENABLED_KEY]: String(enabled),
      [EDGEZERO_ROLLOUT_PCT_KEY]: String(pct),
    };
    writeFileSync(this.storePath, JSON.stringify(values));
  }

  /** The same, wherever the store is. */
  async put(pct: number): Promise<void> {
    const values = [EDGEZERO_ENABLED_KEY, "true", EDGEZERO_ROLLOUT_PCT_KEY, String(pct)];
    if (this.#redisUrl === null) this.set(pct);
    else await redisCommand(this.#redisUrl, "HSET", CONFIG_STORE_NAME, ...values);
  }

  store(): OperatorStore {
    const url = this.#redisUrl;
    return url === null ? openStore(`file:${this.storePath}`) : openRedisStore(url);
  }

  ports(): Ports {
    const url = this.#redisUrl;
    return {
      store: this.store(),
      journal: url === null ? openFileJournal(this.trailPath) : openRedisJournal(url),
      file: stateFile(join(this.folder, "state", "test.json")),
    };
  }

  /** Where a rollout writes. No gateway is named. */
  place({ store, journal }: Ports): Place {
    return {
      store,
      journal,
      who: "controller@test",
      urls: [],
      secret: null,
      means: { instances: null, isCounted: true, needed: 50 },
      safe: (text) => text,
      leads: async () => true,
      leader: null,
    };
  }

  async open(
    ports: Ports = this.ports(),
    {
      place: otherPlace = {},
      ...more
    }: Partial<Pick<RolloutParts, "plan" | "site" | "sources" | "prober" | "proofMs">> & {
      readonly place?: Partial<Place>;
    } = {},
  ): Promise<RunningRollout> {
    const place = { ...this.place(ports), ...otherPlace };
    return openRollout({
      name: "test",
      place,
      plan: SHORT_PLAN,
      site: SIMULATED,
      sources: () => [this.site],
      prober: null,
      file: ports.file,
      history: dayFiles(join(this.folder, "state", "test.history")),
      clock: this.clock,
      logger: SILENT,
      ...more,
    });
  }

  /** One window passes, and the rollout ticks after it. */
  async step(rollout: RunningRollout): Promise<void> {
    await this.site.pass();
    await rollout.tick();
    await rollout.settled();
  }

  /** Windows pass until a state is there. */
  async until(rollout: RunningRollout, name: string, most = 200): Promise<void> {
    for (let i = 0; i < most && stateOf(rollout) !== name; i += 1) await this.step(rollout);
    if (stateOf(rollout) !== name) {
      throw new Error(`${stateOf(rollout)} after ${most} windows, not ${name}`);
    }
  }

  remove(): void {
    // What was under way at the end of a test may still be saved.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

export function stateOf(rollout: RunningRollout): string {
  const { phase } = rollout.state();
  return phase.name === "held" ? `held: ${phase.reason}` : phase.name;
}

/** Asks for something, and fails where that is refused. */
export async function ask(
  rollout: RunningRollout,
  command: "start" | "pause" | "resume" | "rollback" | "reset" | "approve",
  more: { id?: string; stage?: number } = {},
): Promise<void> {
  const id = `${command}-${Math.random()}`;
  const answer = await rollout.command({ command, who: "ana", reason: "a test", id, ...more });
  if (!answer.accepted) throw new Error(answer.sentence);
}
