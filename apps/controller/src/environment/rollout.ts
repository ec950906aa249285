import { withDeadline } from "@edgezero/faults/deadline";
import { viewOf } from "@edgezero/control-api/view-of";
import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { RolloutEvent } from "@edgezero/progression";
import { explain } from "@edgezero/progression/explain";
import { createPending } from "../effects/pending.ts";
import { createRollbacks } from "../effects/rollbacks.ts";
import { takenOver } from "../effects/taken-over.ts";
import { createTrailNotes } from "../effects/trail-notes.ts";
import { openHistory } from "../history/history.ts";
import { recordingHead } from "../history/record-windows.ts";
import { createAskers } from "../loop/askers.ts";
import { createCounts } from "../loop/counts.ts";
import { clientsMoment, createObservedClients } from "../loop/observed-clients.ts";
import { createObservedShare, sharedSince } from "../loop/observed-share.ts";
import { createOwnFaults } from "../loop/own-faults.ts";
import { steadyTime } from "../loop/steady-time.ts";
import type { SavedRollout } from "../state/saved-rollout.ts";
import { SAVED_VERSION } from "../state/saved-rollout.ts";
import { createSaver } from "../state/saver.ts";
import { tellBeginning, tellTakeover } from "./begin.ts";
import { createCommands } from "./commands.ts";
import type { RolloutCore } from "./core.ts";
import { createCurrentState } from "./current-state.ts";
import { endRollout, writeOwedZero } from "./end-rollout.ts";
import { createHealth } from "./health.ts";
import { legacyByOf } from "./legacy-by.ts";
import { begunAgain, loadRollout, withPlan } from "./load-rollout.ts";
import { perform } from "./perform.ts";
import { createResumption } from "./resumption.ts";
import { rollbackEvents } from "./rollback-events.ts";
import type { RolloutParts } from "./rollout-parts.ts";
import type { RunningRollout } from "./running-rollout.ts";
import { createShownView } from "./shown-view.ts";
import { watchStore } from "./store-watch.ts";
import { createTick } from "./tick.ts";
import { createTimeline } from "./timeline.ts";
import { createViews } from "./views.ts";

/** How long what is under way may take to end once it was stopped. */
const STOPPED_MS = 2000;
/** A timer may fire a little early: a window would then begin with two ticks. */
const EARLY_MS = 2;

/** Begins or resumes a rollout, and connects its parts. Rejects where its state cannot be used. */
export async function openRollout(parts: RolloutParts): Promise<RunningRollout> {
  const { name, place, plan, site, clock, file, logger, takenFrom = null } = parts;
  const identity = { environment: name, store: place.store.location };
  const loaded = await loadRollout(file, identity, plan, site);
  const { saved, isResumed, fresh } = loaded;
  const operator = await takenOver(saved.rollout, place);
  let isRunning = false;
  const first =
    operator === null ? withPlan(saved.rollout, fresh) : begunAgain(saved.rollout, fresh);

  /** From its abort on nothing new begins. What was begun goes on, and its results count. */
  const ending = new AbortController();
  /** From its abort on nothing goes on. */
  const stop = new AbortController();
  const time = steadyTime(clock, first.now);
  const now = (): number => Math.max(current.state().now, time.now());
  const observed = createObservedShare();
  const clients = createObservedClients();
  const counts = createCounts();
  const health = createHealth();
  const notes = createTrailNotes(place);
  const saver = createSaver(file, () => JSON.stringify(snapshot()));
  const faults = createOwnFaults({
    environment: name,
    logger,
    safe: place.safe,
    onFault(part) {
      counts.fault();
      health.fault();
      if (part !== "view" && part !== "history") current.take({ type: "faulted", at: time.now() });
    },
  });
  const pending = createPending((error) => faults.report("effect", error));
  const current = createCurrentState({
    first,
    fresh,
    faults,
    safe: place.safe,
    isTaken: (event) => !stop.signal.aborted && (!ending.signal.aborted || isResult(event)),
    perform: (effect, reason) => perform(core, { rollbacks, counts }, effect, reason),
    onChange: () => views.changed(),
  });
  const askers = createAskers(parts.sources, time, () => current.state().rules);
  const shownView = createShownView({
    name,
    store: identity.store,
    faults,
    broken: () => current.broken(),
    now,
    view,
  });
  const views = createViews(shownView, Math.max(clock.wall(), first.now), (error) => {
    faults.report("view", error);
  });
  const timeline = createTimeline({
    environment: name,
    first: saved.timeline,
    notes,
    logger,
    state: () => current.state(),
    now: () => time.now(),
    onChange: () => views.changed(),
  });
  const core: RolloutCore = {
    name,
    place,
    logger,
    stop: ending.signal,
    state: () => current.state(),
    now: () => time.now(),
    seen: () => storeWatch.seen(),
    take: (event, reason) => current.take(event, reason),
    keep: (effect, reason) => timeline.keep(effect, reason),
    remember: (...all) => timeline.remember(...all),
    save: async () => saver.save(),
    track: (work) => void pending.track(work),
  };
  const storeWatch = watchStore(core, isResumed ? saved.mark : undefined, () =>
    counts.storeRead(clock.wall()),
  );
  const commands = createCommands(core, saved.answers);
  const history = openHistory({
    files: parts.history,
    now: () => current.state().now,
    head: () => recordingHead(current.state().rules, site),
    onFault: (why) => logger.warn("the history cannot be kept", { environment: name, why }),
  });
  const rollbacks = createRollbacks({
    place,
    clock,
    proofMs: parts.proofMs ?? Math.max(10_000, 2 * first.rules.propagationMs),
    isProofDue: site.probes,
    stop: stop.signal,
    ...rollbackEvents(core, faults),
  });
  const tick = createTick(core, {
    current,
    storeWatch,
    resumption: createResumption(core, rollbacks, isResumed),
    prober: parts.prober,
    askers,
    observed,
    clients,
    history,
    views,
    notes,
    faults,
    counts,
    health,
    clock,
    stop: stop.signal,
  });

  function snapshot(): SavedRollout {
    const [answers, mark] = [commands.answers(), storeWatch.mark()];
    const rollout = current.state();
    return {
      version: SAVED_VERSION,
      ...identity,
      rollout,
      answers,
      timeline: timeline.entries(),
      mark,
    };
  }

  function view(): EnvironmentView {
    const state = current.state();
    const { moment, since } = clientsMoment(state.phase, state.now);
    const facts = {
      name,
      store: identity.store,
      state,
      observedShare: observed.share(state.now, sharedSince(state.phase)),
      clients: clients.at(moment, since),
      legacyBy: legacyByOf(storeWatch.seen()?.reading ?? null),
      sources: askers.views(),
      timeline: timeline.entries(),
    };
    return viewOf(explain(state), facts);
  }

  async function settled(): Promise<void> {
    await pending.settled();
    await rollbacks.settled();
    await notes.flush();
    await history.settled();
    if (pending.isEmpty()) return;
    await settled();
  }

  async function stopAll(): Promise<void> {
    stop.abort();
    await askers.close();
    // Not everything ends by the abort: the process must end all the same.
    await withDeadline(STOPPED_MS, settled).catch(() => {
      logger.warn("ended while something was under way", { environment: name });
    });
  }

  tellBeginning(core, loaded, operator, { timeline, notes });
  if (takenFrom !== null) tellTakeover(core, takenFrom, notes);

  return {
    views,
    history,
    state: () => current.state(),
    sources: () => askers.all().map(({ source }) => source),
    tick,
    counts: () => counts.counted(),
    command: async (request) => commands.answer(request),
    isReady: () => storeWatch.seen() !== null && current.broken() === null && health.isWell(),
    settled,
    async run() {
      if (isRunning) return;
      isRunning = true;
      while (!ending.signal.aborted) {
        void tick();
        const { windowMs } = current.state().rules;
        const leftMs = windowMs - (clock.wall() % windowMs);
        await clock.sleep(leftMs + EARLY_MS, ending.signal);
      }
    },
    async close() {
      ending.abort();
      await endRollout(core, rollbacks, settled);
      await stopAll();
      await saver.save();
    },
    async abandon() {
      ending.abort();
      await writeOwedZero(core, rollbacks, storeWatch);
      await stopAll();
    },
  };
}

/** Results of what was begun count to the end. */
function isResult({ type }: RolloutEvent): boolean {
  return type === "raised" || type === "zeroed" || type === "proved";
}
