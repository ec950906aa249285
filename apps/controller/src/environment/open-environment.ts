import { hostname } from "node:os";
import { join, resolve } from "node:path";
import type { LoadedConfig, Variables } from "@edgezero/config";
import type { IngestAnswer } from "@edgezero/control-api/ingest";
import { LATENCY_BOUNDS_MS } from "@edgezero/evidence/latency-bounds";
import { delayOf, openSource } from "@edgezero/evidence/open-source";
import { openJournal } from "@edgezero/operations/journal/open-journal";
import type { Logger } from "@edgezero/rollout";
import { redact, secretsIn } from "@edgezero/stores/redact";
import { SYSTEM_CLOCK } from "../loop/clock.ts";
import { dayFiles } from "../history/day-files.ts";
import type { Notifier } from "../notify/notifier.ts";
import { openNotifier } from "../notify/notifier.ts";
import { createProber } from "../loop/probe-round.ts";
import { ingestInto } from "./ingest.ts";
import { keepLease } from "./heartbeat.ts";
import { leadPlaceOf } from "./lead-place.ts";
import { prepareEnvironment } from "./prepare-environment.ts";
import type { RunningRollout } from "./running-rollout.ts";
import { openRollout } from "./rollout.ts";
import { takeLease, takenLease } from "./take-lease.ts";

/** An environment as the API and the metrics see it. */
export interface LedEnvironment {
  readonly rollout: Pick<
    RunningRollout,
    "views" | "history" | "counts" | "command" | "isReady" | "run"
  >;
  /** Whom it tells. */
  readonly notifier: Pick<Notifier, "read">;
  /** The time between two ticks, in milliseconds; `null` where nothing runs. */
  windowMs(): number | null;
  /** Takes decision events, where a source counts them. */
  ingest(body: Uint8Array): IngestAnswer;
  close(): Promise<void>;
}

/** A rollout that this process leads. */
export interface OpenEnvironment extends LedEnvironment {
  readonly rollout: RunningRollout;
  /** Ends, since another controller leads by now, as `abandon` of the rollout says. */
  lose(): Promise<void>;
}

/**
 * Opens one environment of the config. Rejects where it cannot be led, with a message for operators.
 *
 * @param onLost Hears once that another controller has taken the environment over.
 * @throws LedElsewhereError where another process leads it.
 */
export async function openEnvironment(
  name: string,
  loaded: LoadedConfig,
  variables: Variables,
  stateDir: string,
  logger: Logger,
  onLost: () => void,
): Promise<OpenEnvironment> {
  const prepared = await prepareEnvironment(name, loaded, variables);
  const { target, plan, gateways, sources, sourceNames, store, receivers } = prepared;
  const ends: (() => Promise<void>)[] = [async () => prepared.close()];
  /** All of it, also where one part cannot be ended: a lease that is kept would keep others out. */
  const end = async (): Promise<void> => {
    const ended = await Promise.allSettled(ends.map(async (each) => each()));
    const fault = ended.find((each) => each.status === "rejected");
    if (fault !== undefined) throw fault.reason;
  };
  const finish = async (endRun: () => Promise<void>, telling: Notifier): Promise<void> => {
    try {
      await endRun();
      await telling.close();
    } finally {
      await end();
    }
  };
  try {
    // Where the config names no source any more, the rollout goes on by the plan that it began with.
    if (sourceNames.length === 0)
      logger.error("the config names no evidence", { environment: name });
    for (const { place, message } of prepared.warnings)
      logger.warn("plan", { environment: name, place, message });
    const secrets = [...secretsIn(variables), ...target.secrets];
    const safe = (text: string): string => redact(text, secrets);
    const folder = resolve(stateDir);
    const who = `controller of ${name}@${hostname()}`;
    const leadPlace = leadPlaceOf(store, folder, name);
    const { termMs } = leadPlace;
    const term = await takeLease(leadPlace, name, who);
    const kept = leadPlace.kept(term.fence);
    const beating = new AbortController();
    ends.push(async () => {
      beating.abort();
      await term.release();
    });
    if (termMs !== null) {
      const stop = beating.signal;
      const beat = { environment: name, term, termMs, onLost, clock: SYSTEM_CLOCK, logger, stop };
      void keepLease(beat);
    }
    const leads = async (): Promise<boolean> => term.renew();
    const { secret, urls, instances, isCounted } = gateways;
    const means = { instances, isCounted, needed: 50 };
    const prober = createProber({ urls, secret, means });
    const bounds = LATENCY_BOUNDS_MS;
    const delays = sourceNames.map((each, i) => [each, delayOf(sources[i] ?? "")]);
    const journal = await openJournal(target.journal);
    const rollout = await openRollout({
      name,
      place: {
        store,
        journal,
        who,
        urls,
        secret,
        means,
        safe,
        leads,
        leader: termMs === null ? null : term.fence,
      },
      plan,
      site: {
        source: sourceNames[0] ?? "",
        bounds,
        delayMs: Object.fromEntries(delays),
        propagationMs: store.propagationMs,
        probes: prober !== null,
      },
      sources: ({ windowMs, signals }) =>
        sources.map((given) => openSource(given, { windowMs, signals, bounds, env: variables })),
      prober,
      file: kept.state,
      history: dayFiles(join(folder, `${name}.history`)),
      clock: SYSTEM_CLOCK,
      logger,
      takenFrom: termMs === null ? null : term.takenFrom,
    });
    const notifier = await openNotifier({
      name,
      location: store.location,
      receivers,
      file: kept.notify,
      page: target.controller?.url ?? null,
      silenceMs: () => {
        const { noData, windowMs } = rollout.state().rules;
        return noData.pageMs + 2 * windowMs;
      },
      // Of a shared lease the one that takes it over tells: what this one told it could not save.
      leads: termMs === null ? leads : async () => null,
      taken: termMs === null ? null : takenLease(term.takenFrom),
      clock: SYSTEM_CLOCK,
      logger,
    });
    rollout.views.subscribe(null, (_, view) => notifier.observe(view));
    return {
      rollout,
      notifier,
      windowMs: () => rollout.state().rules.windowMs,
      ingest: (body) => ingestInto(rollout.sources(), body, SYSTEM_CLOCK.wall()),
      close: async () => finish(async () => rollout.close(), notifier),
      lose: async () => finish(async () => rollout.abandon(), notifier),
    };
  } catch (error) {
    // What stays open would keep the process alive, and leading.
    await end();
    throw error;
  }
}
