import type { IncidentKind, PresentIncident } from "./incident.ts";

/** An incident that someone was told of, and that lasts. */
export interface OpenIncident {
  readonly key: string;
  /** Its one id: of no other incident, ever. */
  readonly id: string;
  readonly kind: IncidentKind;
  readonly since: number;
  readonly pagedAt: number;
  readonly about: string | null;
}

/** What is remembered between two looks, and between two processes. */
export interface KnownIncidents {
  readonly open: readonly OpenIncident[];
  /** Ids that have ended, the latest last: a rollback stays in view after its end. */
  readonly ended: readonly string[];
}

export const NO_INCIDENTS: KnownIncidents = { open: [], ended: [] };

/** Something to tell. */
export interface Happening {
  readonly what: "opened" | "repeated" | "resolved";
  readonly incident: OpenIncident;
}

/** What one look found. */
export interface Followed {
  readonly known: KnownIncidents;
  readonly happenings: readonly Happening[];
}

/** Incidents in which clients may get EdgeZero against all wishes: they are told again while they last. */
const REPEATS: ReadonlySet<IncidentKind> = new Set(["not-written", "rollback-unverified"]);
/** As many ends are remembered. A rollout has one rollback in view. */
const MOST_ENDED = 50;
/** An end of so long ago is no news. */
const NO_NEWS_MS = 86_400_000;

/** Compares what is there with what was known. Pure. */
export function follow(
  known: KnownIncidents,
  present: readonly PresentIncident[],
  now: number,
): Followed {
  const happenings: Happening[] = [];
  const open: OpenIncident[] = [];
  const ended = [...known.ended];

  for (const found of present) {
    const before = known.open.find(({ key }) => key === found.key);
    if (found.isOver && before === undefined) {
      const incident = opened(found);
      if (ended.includes(incident.id) || now - found.since > NO_NEWS_MS) continue;
      ended.push(incident.id);
      happenings.push({ what: "opened", incident }, { what: "resolved", incident });
      continue;
    }
    if (found.isOver) continue;
    if (before === undefined) {
      const incident = opened(found);
      open.push(incident);
      happenings.push({ what: "opened", incident });
      continue;
    }
    const isDue = REPEATS.has(found.kind) && found.pagedAt > before.pagedAt;
    const incident = isDue ? { ...before, pagedAt: found.pagedAt } : before;
    open.push(incident);
    if (isDue) happenings.push({ what: "repeated", incident });
  }
  for (const incident of known.open) {
    if (open.some(({ key }) => key === incident.key)) continue;
    ended.push(incident.id);
    happenings.push({ what: "resolved", incident });
  }
  return { known: { open, ended: ended.slice(-MOST_ENDED) }, happenings };
}

function opened({ key, kind, since, pagedAt, about }: PresentIncident): OpenIncident {
  const id = key.endsWith(`-${since}`) ? key : `${key}-${since}`;
  return { key, id, kind, since, pagedAt, about };
}
