import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { LoadedConfig, Variables } from "@edgezero/config";
import { messageOf } from "@edgezero/faults/faults";
import type { Logger } from "@edgezero/rollout";
import { SYSTEM_CLOCK } from "../loop/clock.ts";
import { chooseEnvironments, refusedBy } from "./chosen.ts";
import { createFollowers } from "./followers.ts";
import type { LedEnvironment, OpenEnvironment } from "./open-environment.ts";
import { openEnvironment } from "./open-environment.ts";
import { prepareReload } from "./prepare-reload.ts";
import { createRetries } from "./retries.ts";
import type { Refused } from "./unavailable.ts";

type OnView = (id: number, view: EnvironmentView) => void;

/** All environments that a process leads, each with a loop of its own, and those that it cannot run. */
export interface LedEnvironments {
  readonly names: () => readonly string[];
  readonly get: (name: string) => LedEnvironment | undefined;
  readonly all: () => readonly LedEnvironment[];
  /** As of an environment's views; it goes on where the environment is opened again. */
  readonly subscribe: (name: string, after: number | null, onView: OnView) => () => void;
  /** Takes another config over. Gives why it is refused; then nothing has changed. Never rejects. */
  readonly reload: (load: () => Promise<LoadedConfig | null>) => Promise<readonly string[]>;
  /** Why the config that was given last is refused; empty where it counts. */
  readonly refused: () => readonly string[];
  /** How often another controller took an environment over from this process while it ran. */
  readonly leasesLost: (name: string) => number;
  readonly close: () => Promise<void>;
}

/** Where environments are opened. */
export interface LedPlace {
  readonly variables: Variables;
  readonly stateDir: string;
  readonly logger: Logger;
}

/**
 * Opens every environment that is to be cared for, all at once. One that cannot be run is shown as such, and
 * the others run. Rejects with a message for operators where none can be.
 */
export async function leadEnvironments(
  begun: LoadedConfig,
  place: LedPlace,
): Promise<LedEnvironments> {
  const { variables, stateDir, logger } = place;
  const led = new Map<string, LedEnvironment>();
  const followers = createFollowers();
  let loaded = begun;
  let findings: readonly string[] = [];
  let reloading: Promise<readonly string[]> | null = null;
  let reloads = 0;
  const attempts = new Set<Promise<unknown>>();
  const lost = new Map<string, number>();
  const ended = new AbortController();

  function put(name: string, environment: LedEnvironment): void {
    led.set(name, environment);
    followers.moveTo(name, environment);
  }

  /** Gives why it cannot be run. */
  async function openOne(name: string, config: LoadedConfig): Promise<Refused | null> {
    let opened: OpenEnvironment | null = null;
    const onLost = (): void => {
      const environment = opened;
      if (environment !== null) void during(async () => loseOne(name, environment));
    };
    try {
      opened = await openEnvironment(name, config, variables, stateDir, logger, onLost);
      put(name, opened);
      return null;
    } catch (error) {
      return refusedBy(error, name, config, variables);
    }
  }

  /** Work that a reload and the end wait for. Gives `null` where it threw. */
  async function during<T>(work: () => Promise<T>): Promise<T | null> {
    const caught = work().catch((error: unknown) => {
      logger.error("an environment could not be tried again", { why: messageOf(error) });
      return null;
    });
    attempts.add(caught);
    return caught.finally(() => attempts.delete(caught));
  }

  const retries = createRetries({
    place,
    loaded: () => loaded,
    isReloading: () => reloads > 0,
    put,
    get: (name) => led.get(name),
    open: openOne,
    run,
    during,
    ended: ended.signal,
  });

  /** Another controller leads by now: this one says so at once, and ends what it has under way. */
  async function loseOne(name: string, environment: OpenEnvironment): Promise<void> {
    if (led.get(name) !== environment) return;
    lost.set(name, (lost.get(name) ?? 0) + 1);
    logger.error("the lease was lost: another controller may lead", { environment: name });
    const known = { lostAt: SYSTEM_CLOCK.wall() };
    const standby = retries.standBy(name, loaded, { kind: "free" }, known.lostAt);
    await environment.lose().catch((error: unknown) => {
      logger.error("an environment did not end well", { environment: name, why: messageOf(error) });
    });
    if (led.get(name) !== standby) return;
    const refused = await openOne(name, loaded);
    if (refused === null) run(name);
    else await retries.show(refused, loaded, known);
  }

  async function closeOne(name: string): Promise<void> {
    retries.stop(name);
    const closed = led.get(name);
    led.delete(name);
    followers.moveTo(name, null);
    await closed?.close();
  }

  /** One that cannot be ended must not cut the others, which may have a 0 to write. */
  async function close(): Promise<void> {
    ended.abort();
    await Promise.allSettled(attempts);
    const names = [...led.keys()];
    const closed = await Promise.allSettled(names.map(closeOne));
    for (const [i, end] of closed.entries()) {
      if (end.status === "fulfilled") continue;
      const why = messageOf(end.reason);
      logger.error("an environment did not end well", { environment: names[i] ?? "", why });
    }
  }

  function run(name: string): void {
    void led.get(name)?.rollout.run();
  }

  /** Opens it by the new config, or else by the old one: a rollout must not lose its controller. */
  async function reopen(name: string, next: LoadedConfig): Promise<string | null> {
    const isNew = !led.has(name);
    await closeOne(name);
    const refused = await openOne(name, next);
    // Who leads by now is no finding about the config.
    if (refused?.elsewhere?.isShared === true) {
      await retries.show(refused, next);
      return null;
    }
    const again = refused === null || isNew ? null : await openOne(name, loaded);
    if (again !== null) await retries.show(again, loaded);
    run(name);
    return refused === null ? null : `${name}: ${refused.why}`;
  }

  /** Tries one that could not be run once more. Where that fails it is shown, and nothing else is refused. */
  async function retry(name: string, next: LoadedConfig, twice: Refused | null): Promise<void> {
    await closeOne(name);
    const refused = twice ?? (await openOne(name, next));
    if (refused !== null) await retries.show(refused, next);
    run(name);
  }

  async function take(next: LoadedConfig): Promise<readonly string[]> {
    const prepared = await prepareReload(led, loaded, next, place);
    const { opens, closes, reopens, changes, refused } = prepared;
    if (prepared.findings.length > 0) return prepared.findings;
    // What is closed may have the store of what is opened.
    await Promise.all(closes.map(closeOne));
    const done = await Promise.all([
      ...changes.map(async (name) => reopen(name, next)),
      ...prepared.retries.map(async (name) => {
        const known = refused.find((each) => each.name === name) ?? null;
        return retry(name, next, known).then(() => null);
      }),
    ]);
    const faults = done.filter((why) => why !== null);
    if (faults.length === 0) loaded = next;
    logger.info("the config was taken over", {
      opens: opens.join(", "),
      closes: closes.join(", "),
      reopens: reopens.join(", "),
      faults: faults.join("; "),
    });
    return faults;
  }

  async function reload(load: () => Promise<LoadedConfig | null>): Promise<readonly string[]> {
    reloads += 1;
    try {
      await Promise.allSettled(attempts);
      const next = await load();
      findings = next === null ? ["there is no config file"] : await take(next);
    } catch (error) {
      findings = [messageOf(error)];
    } finally {
      reloads -= 1;
    }
    if (findings.length > 0)
      logger.error("the config is refused", { findings: findings.join("; ") });
    return findings;
  }

  const chosen = await chooseEnvironments(begun, variables, stateDir);
  if (chosen.names.length === 0 && chosen.refused.length === 0) {
    throw new Error("no environment of a config file names `evidence`: give --config <file>");
  }
  const opened = await Promise.all(chosen.names.map(async (name) => openOne(name, begun)));
  const refused = [...chosen.refused, ...opened.filter((each) => each !== null)];
  // One that stands by, or waits for a store that tells who leads, is of use.
  if (led.size === 0 && refused.every(({ elsewhere }) => elsewhere?.isShared !== true)) {
    throw new Error(refused.map(({ name, why }) => `${name}: ${why}`).join("\n"));
  }
  await Promise.all(refused.map(async (each) => retries.show(each, begun)));

  return {
    names: () => [...led.keys()],
    get: (name) => led.get(name),
    all: () => [...led.values()],
    subscribe: (name, after, onView) => followers.follow(name, led.get(name), after, onView),
    async reload(load) {
      // One after the other: the second one may be the repair of the first.
      const before = reloading ?? Promise.resolve([]);
      reloading = before.then(async () => reload(load));
      return reloading;
    },
    refused: () => findings,
    leasesLost: (name) => lost.get(name) ?? 0,
    close,
  };
}
