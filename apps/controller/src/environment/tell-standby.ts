import { resolve } from "node:path";
import { NO_NOTIFICATIONS } from "@edgezero/control-api/notifications";
import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { LoadedConfig } from "@edgezero/config";
import { targetOf } from "@edgezero/config";
import { messageOf } from "@edgezero/faults/faults";
import { NO_COUNTS } from "../loop/counts.ts";
import type { Clock } from "../loop/clock.ts";
import { SYSTEM_CLOCK } from "../loop/clock.ts";
import { parseNotify } from "../notify/saved-notify.ts";
import { unavailableFile } from "../notify/told-unavailable.ts";
import type { LedPlace } from "./led-environments.ts";
import type { StandbyEnvironment } from "./standby.ts";
import type { Telling } from "./telling-receivers.ts";
import { openTelling } from "./telling-receivers.ts";

/**
 * Tells receivers that a standby cannot read who leads, once that has lasted for the plan's `noData.page`: it would
 * not take over. Tells the end of it, and of what this host told before, once it stands by again.
 */
export function withTelling(
  standby: StandbyEnvironment,
  name: string,
  store: string | null,
  loaded: LoadedConfig,
  place: LedPlace,
  clock: Clock = SYSTEM_CLOCK,
): StandbyEnvironment {
  const { logger, stateDir, variables } = place;
  const { views } = standby.rollout;
  const ended = new AbortController();
  const work = new Set<Promise<void>>();
  let opening: Promise<Telling | null> | null = null;
  let telling: Telling | null = null;
  let pages = 0;
  /** Ends the wait; `null` while it can be read who leads. */
  let blind: AbortController | null = null;

  async function tell(view: EnvironmentView): Promise<void> {
    opening ??= openTelling(name, store, loaded, place);
    telling = await opening;
    telling?.notifier.observe(view);
  }

  async function tellBlind(signal: AbortSignal): Promise<void> {
    const named = { ...variables, EDGEZERO_STORE: undefined };
    const { rolloutPlan } = targetOf({ env: name }, named, "", loaded);
    await clock.sleep(rolloutPlan?.noData.pageMs ?? 0, signal);
    if (signal.aborted) return;
    pages += 1;
    await tell(views.latest());
  }

  /** Whether this host has told of something before that is not over, or not delivered. */
  async function hasTold(): Promise<boolean> {
    const text = await unavailableFile(resolve(stateDir), name, store).load();
    const told = text === null ? null : parseNotify(text);
    return told !== null && (told.known.open.length > 0 || told.outbox.waiting.length > 0);
  }

  function track(action: Promise<void>): void {
    const caught = action.catch((error: unknown) => {
      logger.warn("receivers cannot be told", { environment: name, why: messageOf(error) });
    });
    work.add(caught);
    void caught.finally(() => work.delete(caught));
  }

  function follow(view: EnvironmentView): void {
    if (view.state === "following") {
      blind?.abort();
      blind = null;
      if (opening !== null) track(tell(view));
    } else if (blind === null) {
      blind = new AbortController();
      track(tellBlind(AbortSignal.any([blind.signal, ended.signal])));
    }
  }

  async function begin(): Promise<void> {
    if ((await hasTold()) && !ended.signal.aborted) {
      opening ??= openTelling(name, store, loaded, place);
      const view = views.latest();
      // Where nobody can tell who leads, that is no end.
      if (view.state === "following") await tell(view);
    }
  }

  const unfollow = views.subscribe(null, (_, view) => follow(view));
  track(begin());
  return {
    ...standby,
    rollout: {
      ...standby.rollout,
      counts: () => (pages === 0 ? NO_COUNTS : { ...NO_COUNTS, pages: { unavailable: pages } }),
    },
    notifier: { read: () => telling?.notifier.read() ?? NO_NOTIFICATIONS },
    async close() {
      unfollow();
      ended.abort();
      await Promise.all(work);
      await (await opening)?.close();
      await standby.close();
    },
  };
}
