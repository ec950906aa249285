import { withDeadline } from "@edgezero/faults/deadline";
import type { KeptHistory } from "../history/history.ts";
import type { SourceAsker } from "../loop/ask-source.ts";
import type { Askers } from "../loop/askers.ts";
import type { Clock } from "../loop/clock.ts";
import type { Counter } from "../loop/counts.ts";
import type { ObservedClients } from "../loop/observed-clients.ts";
import type { ObservedShare } from "../loop/observed-share.ts";
import type { OwnFaults } from "../loop/own-faults.ts";
import type { Prober } from "../loop/probe-round.ts";
import type { TrailNotes } from "../effects/trail-notes.ts";
import type { RolloutCore } from "./core.ts";
import type { CurrentState } from "./current-state.ts";
import type { Health } from "./health.ts";
import type { Resumption } from "./resumption.ts";
import type { StoreWatch } from "./store-watch.ts";
import type { Views } from "./views.ts";

/** How long a 0 that an earlier process owes waits for the store to be read. */
const OWED_MS = 1000;

/** What a tick asks, and what it tells. */
export interface TickParts {
  readonly current: CurrentState;
  readonly storeWatch: StoreWatch;
  readonly resumption: Resumption;
  readonly prober: Prober | null;
  readonly askers: Askers;
  readonly observed: ObservedShare;
  readonly clients: ObservedClients;
  readonly history: KeptHistory;
  readonly views: Views;
  readonly notes: TrailNotes;
  readonly faults: OwnFaults;
  readonly counts: Counter;
  readonly health: Health;
  readonly clock: Clock;
  /** From its abort on nothing goes on: another process may lead. */
  readonly stop: AbortSignal;
}

/**
 * Makes the tick of a rollout: it asks store, gateways and sources once, and does what follows. It never
 * rejects: what one part throws is reported, and the others go on.
 */
export function createTick(core: RolloutCore, parts: TickParts): () => Promise<void> {
  const { storeWatch, resumption, askers, observed, history, faults, counts } = parts;
  let isProbing = false;

  async function askStore(): Promise<void> {
    const asked = storeWatch.ask();
    // A 0 that is owed does not wait for a store that hangs.
    await (resumption.owesZero()
      ? withDeadline(OWED_MS, async () => asked).catch(() => {})
      : asked);
    resumption.goOn();
  }

  async function askGateways(): Promise<void> {
    const epoch = storeWatch.seen()?.reading.state.epoch;
    if (parts.prober === null || epoch === undefined || isProbing) return;
    isProbing = true;
    try {
      const round = await parts.prober.round(epoch, core.now());
      core.take({ type: "probes", at: core.now(), epoch, ...round });
    } finally {
      isProbing = false;
    }
  }

  async function askSource(asker: SourceAsker): Promise<void> {
    const { sources, rules } = core.state();
    const event = await asker.ask(sources[asker.source.name]?.to ?? null);
    if (event === null) return;
    history.evidence(event);
    if (event.type === "evidence-failed") counts.sourceFailed(event.source);
    if (event.type === "evidence" && event.source === rules.source) {
      observed.add(event.windows);
      parts.clients.add(event.windows);
    }
    core.take(event);
  }

  /** What nobody can be asked for is missing: it would be silence otherwise, and no page. */
  function missAbsent(): void {
    for (const source of askers.absent()) {
      counts.sourceFailed(source);
      core.take({ type: "evidence-failed", at: core.now(), source });
    }
  }

  async function endTick(): Promise<void> {
    const { name: environment, logger } = core;
    const fault = await core.save();
    await parts.notes.flush();
    faults.guard("history", () => history.add(parts.views.latest()));
    if (fault !== null) logger.error("the state cannot be saved", { environment, why: fault });
    logger.debug("tick", { environment, state: core.state().phase.name });
  }

  return async () => {
    if (core.stop.aborted) return;
    counts.tick(parts.clock.wall());
    parts.health.tick();
    core.take({ type: "tick", at: core.now() });
    // A fault that was over would be forgotten: what cannot take it is asked again.
    if (parts.current.broken() !== null) core.take({ type: "faulted", at: core.now() });
    faults.guard("source", missAbsent);
    const asked = faults.guard("source", () => askers.all()) ?? [];
    await Promise.all([
      // A gateway is asked about what the store has now.
      faults
        .guardAsync("store", askStore)
        .then(async () => faults.guardAsync("gateways", askGateways)),
      ...asked.map(async (asker) => faults.guardAsync("source", async () => askSource(asker))),
    ]);
    if (parts.stop.aborted) return;
    await faults.guardAsync("end of tick", endTick);
  };
}
