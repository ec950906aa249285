import type { Explanation, RolloutState } from "@edgezero/progression";
import { describeCause } from "@edgezero/progression/explain";
import type { ClientsView } from "./clients-view.ts";
import type {
  EnvironmentView,
  PageView,
  RailStage,
  RollbackView,
  SourceView,
} from "./environment-view.ts";
import type { ExplainedSignal } from "./explained.ts";
import type { LegacyBy } from "./legacy-by.ts";
import type { SignalView } from "./signal-view.ts";
import type { TimelineEntry } from "./timeline.ts";
import { MOST_TIMELINE_ENTRIES } from "./timeline.ts";
import { PAGE_REASONS } from "./words.ts";

/** Without a read for so long, and for three windows, other values may be in the store by now. */
const UNREAD_MS = 15_000;

/** What a controller knows of a rollout beside its explanation. */
export interface ViewFacts {
  /** The environment's name. */
  readonly name: string;
  /** The store, for people, without credentials. */
  readonly store: string;
  /** The state that was explained. */
  readonly state: RolloutState;
  /** EdgeZero's part of the clients, or of the requests, 0 to 1; `null` where it is not known. */
  readonly observedShare: number | null;
  /** How many distinct clients fail now, or failed when a rollback began; `null` where it is not known. */
  readonly clients: ClientsView | null;
  /** What in the store sends every client to legacy, as it was last read; `null`: not known, or nothing does. */
  readonly legacyBy: LegacyBy | null;
  readonly sources: readonly SourceView[];
  /** The latest last. Older entries than the view has room for are left out. */
  readonly timeline: readonly TimelineEntry[];
}

/** Makes the view of an environment. Pure, and never throws. */
export function viewOf(explanation: Explanation, facts: ViewFacts): EnvironmentView {
  const { state, at, sentence, reason, reasons, held, stage } = explanation;
  const store = storeOf(facts.state);
  const { waitsFor, leftMs, next } = explanation;
  return {
    name: facts.name,
    store: facts.store,
    at,
    state,
    reason,
    reasons,
    held,
    stage: stage === null || stage.number < 1 ? null : stage.number,
    pct: store?.pct ?? null,
    storeUnreadSince: store === null ? null : unreadSince(store.at, at, facts.state.rules.windowMs),
    legacyBy: store?.pct === 0 && isRead(facts.state) ? facts.legacyBy : null,
    epoch: store?.epoch ?? null,
    observedShare: facts.observedShare,
    clients: facts.clients,
    sentence,
    waitsFor,
    leftMs,
    next,
    signals: explanation.signals.map(signalViewOf),
    rail: railOf(explanation, facts.state),
    rollback: rollbackOf(facts.state),
    pages: pagesOf(facts.state),
    sources: facts.sources,
    timeline: facts.timeline.slice(-MOST_TIMELINE_ENTRIES),
  };
}

function signalViewOf({ reading, signal, evidence, ...rest }: ExplainedSignal): SignalView {
  return { ...rest, ...reading, basis: { signal, evidence } };
}

/** What the store has, as far as is known: a write that came back is newer than the read before it. */
function storeOf({ store, phase }: RolloutState): RolloutState["store"] {
  const written =
    "pass" in phase ? phase.pass : "rollback" in phase ? { ...phase.rollback, pct: 0 } : null;
  if (written === null || written.writtenAt === null) return store;
  const { pct, epoch, writtenAt } = written;
  return store === null || store.at < writtenAt ? { pct, epoch, at: writtenAt } : store;
}

function unreadSince(seenAt: number, now: number, windowMs: number): number | null {
  return now - seenAt > Math.max(UNREAD_MS, 3 * windowMs) ? seenAt : null;
}

/** Whether the 0 in the store was read. A value that was read before a write of 0 tells of another one. */
function isRead({ store, phase }: RolloutState): boolean {
  if (!("rollback" in phase)) return true;
  const { attempts, writtenAt } = phase.rollback;
  return attempts === 0 || (store !== null && writtenAt !== null && store.at >= writtenAt);
}

function railOf({ stage: present }: Explanation, { rules, phase }: RolloutState): RailStage[] {
  const isApproved = "pass" in phase && phase.pass.approved;
  return rules.stages.map(({ pct, holdMs, minRequests, approval }, index) => {
    const number = index + 1;
    const isPresent = present?.number === number;
    const isPassed = present !== null && number < present.number;
    const isGiven = isPresent && isApproved;
    return {
      number,
      pct,
      status: isPresent ? "present" : isPassed ? "passed" : "ahead",
      holdMs,
      heldMs: isPresent ? present.heldMs : null,
      requests: isPresent ? present.requests : null,
      minRequests,
      approval: !approval || isPassed ? "not-needed" : isGiven ? "given" : "needed",
    };
  });
}

function rollbackOf({ phase }: RolloutState): RollbackView | null {
  if (!("rollback" in phase)) return null;
  const { cause, since, writtenAt, attempts } = phase.rollback;
  return { cause: describeCause(cause), since, writtenAt, attempts };
}

function pagesOf({ paged }: RolloutState): PageView[] {
  return Object.values(PAGE_REASONS).flatMap((reason) => {
    const known = paged[reason];
    return known === undefined ? [] : [{ incident: `${reason}-${known.since}`, reason, ...known }];
  });
}
