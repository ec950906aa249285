import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { SHOWN_PAGE_REASONS } from "@edgezero/control-api/words";

/**
 * Why someone is told. Beside the reasons that the rollout itself pages for: `rollback`, any way back to 0;
 * `approval`, which waits for a person; `source`, a source of evidence that is silent for long; `store`, which
 * was not read for as long; `lease`, another controller leads than before, and the one before did not hand over.
 */
export type IncidentKind =
  | (typeof SHOWN_PAGE_REASONS)[keyof typeof SHOWN_PAGE_REASONS]
  | "rollback"
  | "approval"
  | "source"
  | "store"
  | "lease";

/** An incident as it is now. */
export interface PresentIncident {
  /** The same while it lasts; another incident may have it later. */
  readonly key: string;
  readonly kind: IncidentKind;
  /** When it began, in milliseconds of the epoch. */
  readonly since: number;
  /** When the rollout last asked that someone is woken up, in milliseconds of the epoch. */
  readonly pagedAt: number;
  /** Whether it was over when it was first seen. */
  readonly isOver: boolean;
  /** The source that is silent, or the controller that led before; `null` of other kinds. */
  readonly about: string | null;
}

/** The end of a controller that led and did not hand over, as the one that leads now has found it. */
export interface TakenLease {
  /** When this one began to lead, in milliseconds of the epoch. */
  readonly at: number;
  /** For people: which process led before. */
  readonly from: string;
}

/** What is known beside the view. */
export interface IncidentFacts {
  /** Whether this process still leads; `null`: nobody could tell. */
  readonly leads: boolean | null;
  /** `null` where this process leads as the first one, or was handed the lease. */
  readonly taken: TakenLease | null;
  /** Since when each silent source is silent, in milliseconds of the epoch. */
  readonly silentSince: Readonly<Record<string, number>>;
  /** How long a source may be silent, and the store unread. */
  readonly silenceMs: number;
}

/** States in which someone counts on the sources. */
const NEEDS_SOURCES: Readonly<Record<EnvironmentView["state"], boolean>> = {
  idle: false,
  "warming-up": true,
  propagating: true,
  observing: true,
  held: true,
  "awaiting-approval": true,
  paused: true,
  "rolling-back": true,
  "rolled-back": false,
  "rollback-unverified": true,
  completed: false,
  // Its sources are not asked.
  unavailable: false,
  following: false,
};

/** The incidents that a view shows. Pure. */
export function incidentsOf(
  view: EnvironmentView,
  facts: IncidentFacts,
): readonly PresentIncident[] {
  const paged = view.pages.map(({ reason, since, at }) =>
    incident(reason, reason, since, { pagedAt: at }),
  );
  return [
    ...paged,
    ...rollbackOf(view),
    ...approvalOf(view),
    ...silentIn(view, facts),
    ...unreadIn(view, facts),
    ...leaseOf(view, facts),
  ];
}

function incident(
  key: string,
  kind: IncidentKind,
  since: number,
  more: Partial<PresentIncident> = {},
): PresentIncident {
  return { key, kind, since, pagedAt: since, isOver: false, about: null, ...more };
}

function rollbackOf({ state, rollback }: EnvironmentView): readonly PresentIncident[] {
  if (rollback === null) return [];
  // A rollback is named by its begin: there may be another one before this one was told.
  const key = `rollback-${rollback.since}`;
  return [incident(key, "rollback", rollback.since, { isOver: state === "rolled-back" })];
}

function leaseOf(
  { at }: EnvironmentView,
  { leads, taken }: IncidentFacts,
): readonly PresentIncident[] {
  if (leads === false) return [incident("lease", "lease", at)];
  if (taken === null) return [];
  // It is over as it is found: someone leads again.
  const key = `lease-${taken.at}`;
  return [incident(key, "lease", taken.at, { isOver: true, about: taken.from })];
}

function approvalOf({ state, stage, at }: EnvironmentView): readonly PresentIncident[] {
  return state === "awaiting-approval" ? [incident(`approval-${stage}`, "approval", at)] : [];
}

function silentIn(
  view: EnvironmentView,
  { silentSince, silenceMs }: IncidentFacts,
): readonly PresentIncident[] {
  // A rollout that is held as blind says itself which source it misses.
  const isTold = view.pages.some(({ reason }) => reason === "blind");
  if (!NEEDS_SOURCES[view.state] || isTold) return [];
  return Object.entries(silentSince)
    .filter(([, since]) => view.at - since >= silenceMs)
    .map(([name, since]) => incident(`source-${name}`, "source", since, { about: name }));
}

/** Also of a rollout at rest: whoever cannot read the store cannot see a rollback of someone else's, or its loss. */
function unreadIn(
  { at, pages, storeUnreadSince: since = null }: EnvironmentView,
  { silenceMs }: IncidentFacts,
): readonly PresentIncident[] {
  // A rollback whose 0 cannot be written says so itself.
  const isTold = pages.some(({ reason }) => reason === "not-written");
  if (since === null || isTold || at - since < silenceMs) return [];
  return [incident("store", "store", since)];
}
