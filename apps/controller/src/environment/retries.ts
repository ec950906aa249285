import type { LoadedConfig } from "@edgezero/config";
import { redact, secretsIn } from "@edgezero/stores/redact";
import { SYSTEM_CLOCK } from "../loop/clock.ts";
import { shownStore } from "./chosen.ts";
import type { LeaderLook } from "./led-elsewhere.ts";
import { lookAtLeader } from "./led-elsewhere.ts";
import type { LedPlace } from "./led-environments.ts";
import type { LedEnvironment } from "./open-environment.ts";
import { pauseBefore } from "./pause-before.ts";
import { standIn } from "./stand-in.ts";
import type { StandbyEnvironment } from "./standby.ts";
import { standbyEnvironment } from "./standby.ts";
import { withTelling } from "./tell-standby.ts";
import type { Refused } from "./unavailable.ts";

/** What is known of one that is not run, from one attempt to the next. */
interface Known {
  /** In milliseconds of the epoch. */
  readonly since?: number | undefined;
  /** When the lease was lost, in milliseconds of the epoch; `null` where this process did not lead. */
  readonly lostAt?: number | null | undefined;
  readonly attempt?: number | undefined;
}

/** One that is not run, and is tried again. */
interface Waiting {
  readonly refused: Refused;
  readonly known: { since: number; lostAt: number | null; attempt: number };
  /** The time until then, in milliseconds; `null`: only another config helps. */
  readonly waitMs: number | null;
  /** What is shown of it where another controller leads. */
  readonly standby: StandbyEnvironment | null;
}

/** What the environments of a process give to those that are not run. */
export interface RetriesOptions {
  readonly place: LedPlace;
  /** The config that counts. */
  readonly loaded: () => LoadedConfig;
  /** Whether a reload is under way: it decides by what is there, and tries it itself. */
  readonly isReloading: () => boolean;
  readonly put: (name: string, environment: LedEnvironment) => void;
  readonly get: (name: string) => LedEnvironment | undefined;
  /** Gives why it cannot be run; `null` once it is open. */
  readonly open: (name: string, config: LoadedConfig) => Promise<Refused | null>;
  readonly run: (name: string) => void;
  /** Work that a reload and the end wait for. Gives `null` where it threw. */
  readonly during: <T>(work: () => Promise<T>) => Promise<T | null>;
  /** From its abort on nothing is tried. */
  readonly ended: AbortSignal;
}

/** Shows environments that are not run, and tries each again by itself. */
export interface Retries {
  show(refused: Refused, config: LoadedConfig, known?: Known): Promise<void>;
  /** Shows it as led by another controller, and tries nothing by itself. */
  standBy(
    name: string,
    config: LoadedConfig,
    look: LeaderLook,
    lostAt: number | null,
  ): StandbyEnvironment;
  stop(name: string): void;
}

export function createRetries(options: RetriesOptions): Retries {
  const { place, loaded, isReloading, put, get, open, run, during, ended } = options;
  const { variables, logger } = place;
  const trying = new Map<string, AbortController>();

  function stop(name: string): void {
    trying.get(name)?.abort();
    trying.delete(name);
  }

  function standBy(
    name: string,
    config: LoadedConfig,
    look: LeaderLook,
    lostAt: number | null,
  ): StandbyEnvironment {
    const store = shownStore(name, config, variables);
    const safe = (text: string): string => redact(text, secretsIn(variables));
    const facts = { name, store, look, lostAt, safe };
    const shown = standbyEnvironment(facts, () => SYSTEM_CLOCK.wall());
    const standby = withTelling(shown, name, store, config, place);
    put(name, standby);
    return standby;
  }

  async function showOnce(
    refused: Refused,
    config: LoadedConfig,
    { since = SYSTEM_CLOCK.wall(), lostAt = null, attempt = 0 }: Known,
  ): Promise<Waiting> {
    const { name, elsewhere = null } = refused;
    const waitMs = pauseBefore(refused, attempt);
    const retryAt = waitMs === null ? null : SYSTEM_CLOCK.wall() + waitMs;
    const isStandby = elsewhere?.isShared === true && elsewhere.look.kind === "led";
    if (isStandby) logger.info("stands by", { environment: name, why: refused.why });
    const standby = isStandby ? standBy(name, config, elsewhere.look, lostAt) : null;
    if (standby === null) put(name, await standIn({ ...refused, since, retryAt }, config, place));
    return { refused, known: { since, lostAt, attempt }, waitMs, standby };
  }

  async function tryOn(first: Waiting, signal: AbortSignal): Promise<void> {
    let waiting = first;
    while (waiting.waitMs !== null) {
      // oxlint-disable-next-line no-await-in-loop -- One attempt after the other.
      await SYSTEM_CLOCK.sleep(waiting.waitMs, signal);
      if (signal.aborted) return;
      const now = waiting;
      // oxlint-disable-next-line no-await-in-loop -- As above.
      const tried = isReloading() ? null : await during(async () => tryOnce(now, signal));
      if (tried === "done") return;
      waiting = tried ?? waiting;
    }
  }

  /** Gives what is waited for next; `done` once it runs, or is not to be tried any more. */
  async function tryOnce(waiting: Waiting, signal: AbortSignal): Promise<Waiting | "done"> {
    const { refused, known, standby } = waiting;
    const { name, elsewhere } = refused;
    if (elsewhere !== undefined) {
      const look = await lookAtLeader(elsewhere.lease);
      standby?.told(look);
      const isLearnt = look.kind === "led" && standby === null && elsewhere.isShared;
      if (look.kind !== "free" && !isLearnt) return waiting;
    }
    if (signal.aborted) return "done";
    // What stands in for it tells receivers, and has the lease for that. It is shown until another is.
    await get(name)?.close();
    const again = await open(name, loaded());
    if (again !== null) return showOnce(again, loaded(), { ...known, attempt: known.attempt + 1 });
    logger.info("it is run now", { environment: name });
    run(name);
    return "done";
  }

  return {
    stop,
    standBy,
    async show(refused, config, known = {}) {
      stop(refused.name);
      const own = new AbortController();
      trying.set(refused.name, own);
      const signal = AbortSignal.any([own.signal, ended]);
      void tryOn(await showOnce(refused, config, known), signal);
    },
  };
}
