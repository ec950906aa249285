import type { Counts } from "../statistics/index.ts";
import type { Clients, EvidenceWindow, PathCounts } from "./event.ts";
import { errorsSignal } from "./errors-signal.ts";
import { blindMs } from "./freshness.ts";
import type { HeldReason, Pass } from "./phase.ts";
import type { RolloutState } from "./state.ts";

/** What one window shows of a condition. `null`: nothing, so that a condition stays as it is. */
type Shows = "bad" | "good" | null;

/** A window, and whether it is the newest one of its source's answer. */
export interface Answered {
  readonly window: EvidenceWindow;
  readonly isNewest: boolean;
}

interface Rule {
  /** Windows in a row without it, after which it is over. */
  readonly over: number;
  readonly shows: (
    window: EvidenceWindow,
    pass: Pass,
    state: RolloutState,
    isNewest: boolean,
  ) => Shows;
}

type WindowReason = Exclude<
  HeldReason,
  "drifted" | "fault" | "one-client" | "breach" | "propagation"
>;

/** EdgeZero's requests or clients that there should be, from which on their absence is a fault. */
const EXPECTED_AT_LEAST = 10;
/** Windows in a row with legacy over the ceiling. */
const OVER_WINDOWS = 5;

/** The evidence table: what each window says of each reason to hold. */
const RULES: Readonly<Record<WindowReason, Rule>> = {
  // Only an answer of a source begins it; see `blindness.ts`.
  // A single answer may bring many windows after a gap: it shows once that the source answers.
  blind: {
    over: 3,
    shows: (_, __, state, isNewest) => (isNewest && blindMs(state) === 0 ? "good" : null),
  },
  "no-traffic": {
    over: 3,
    shows: ({ canary, control }) => sign(canary.requests === 0 && control.requests === 0),
  },
  routing: {
    over: 3,
    shows: (window, pass) => {
      // A short window may have no request by chance. Clients are counted over a minute.
      if (window.canary.requests > 0 || (window.canary.clients?.all ?? 0) > 0) return "good";
      return hasArrived(window, pass) && expected(window, pass) >= EXPECTED_AT_LEAST ? "bad" : null;
    },
  },
  "no-legacy": {
    over: 3,
    shows: ({ canary, control }, { pct }) =>
      control.requests > 0 || pct >= 100 ? "good" : canary.requests > 0 ? "bad" : null,
  },
  "legacy-down": {
    over: OVER_WINDOWS,
    shows: (window, pass, state) => {
      const { legacy, edgezero } = overCeiling(window, state);
      if (!legacy) return "good";
      return pass.over >= OVER_WINDOWS && !edgezero ? "bad" : null;
    },
  },
  incident: {
    over: OVER_WINDOWS,
    shows: (window, pass, state) => {
      const { legacy, edgezero } = overCeiling(window, state);
      if (!legacy && !edgezero) return "good";
      return pass.over >= OVER_WINDOWS && legacy && edgezero ? "bad" : null;
    },
  },
  unseen: {
    over: 1,
    shows: ({ instances }, _, { answering }) =>
      instances === null || answering === null ? null : sign(answering > instances),
  },
  share: {
    over: 3,
    shows: (window, pass) =>
      // EdgeZero without requests is a fault of routing, and legacy without them another one.
      hasArrived(window, pass) && window.canary.requests > 0 && window.control.requests > 0
        ? shareShows(window, pass.pct)
        : null,
  },
};

const REASONS = Object.keys(RULES) as WindowReason[];

/** For how many windows in a row a reason has to be gone before it is over; 1 where windows do not end it. */
export function windowsUntilOver(reason: HeldReason): number {
  return reason in RULES ? RULES[reason as WindowReason].over : 1;
}

/** Takes what one window of the traffic says of each reason to hold. */
export function judgeConditions(
  state: RolloutState,
  before: Pass,
  { window, isNewest }: Answered,
): Pass {
  const { legacy } = overCeiling(window, state);
  const pass = { ...before, over: legacy ? Math.min(OVER_WINDOWS, before.over + 1) : 0 };
  const conditions = { ...pass.conditions };
  for (const reason of REASONS) {
    const { shows, over } = RULES[reason];
    const known = conditions[reason];
    const sees = shows(window, pass, state, isNewest);
    if (sees === "bad") conditions[reason] = { since: known?.since ?? state.now, good: 0 };
    else if (sees === "good" && known !== undefined) {
      const good = known.good + 1;
      if (good >= over) delete conditions[reason];
      else conditions[reason] = { ...known, good };
    }
  }
  const share = hasArrived(window, pass) ? (shareOf(window).counted ?? pass.share) : pass.share;
  return { ...pass, conditions, share };
}

function sign(isBad: boolean): Shows {
  return isBad ? "bad" : "good";
}

/** Before a write has arrived, gateways still share by the percentage before it. */
function hasArrived({ from }: EvidenceWindow, { arrivedAt }: Pass): boolean {
  return arrivedAt !== null && from >= arrivedAt;
}

function expected({ canary, control }: EvidenceWindow, { pct }: Pass): number {
  const clients = total(canary.clients, control.clients);
  return (pct / 100) * (clients ?? canary.requests + control.requests);
}

function total(canary: Clients | null, control: Clients | null): number | null {
  return canary === null || control === null ? null : canary.all + control.all;
}

/** Times either way, by which requests may be off the percentage: a few clients can make most of them. */
const REQUESTS_OFF = 10;
const CLIENTS_OFF = 0.2;
const STANDARD_ERRORS = 4;

function shareShows(window: EvidenceWindow, pct: number): Shows {
  const share = pct / 100;
  const { counted, of, isClients } = shareOf(window);
  if (counted === null) return null;
  if (isClients) {
    const off = Math.abs(counted - share);
    const error = Math.sqrt((share * (1 - share)) / of);
    return sign(off > STANDARD_ERRORS * error && off > CLIENTS_OFF * share);
  }
  if (of * share < EXPECTED_AT_LEAST) return null;
  const times = counted / share;
  return sign(times > REQUESTS_OFF || times < 1 / REQUESTS_OFF);
}

interface CountedShare {
  /** EdgeZero's share, 0 to 1; `null` where nobody was counted. */
  readonly counted: number | null;
  readonly of: number;
  /** Of distinct clients, or else of requests. */
  readonly isClients: boolean;
}

function shareOf({ canary, control }: EvidenceWindow): CountedShare {
  const clients = total(canary.clients, control.clients);
  const isClients = clients !== null;
  const of = clients ?? canary.requests + control.requests;
  const own = isClients ? (canary.clients?.all ?? 0) : canary.requests;
  return { counted: of > 0 ? own / of : null, of, isClients };
}

function overCeiling(
  { canary, control }: EvidenceWindow,
  state: RolloutState,
): { legacy: boolean; edgezero: boolean } {
  const signal = errorsSignal(state);
  if (signal === null) return { legacy: false, edgezero: false };
  const isOver = ({ signals }: PathCounts): boolean => {
    const { hits = 0, trials = 0 } = (signals[signal.name] ?? {}) as Partial<Counts>;
    return trials > 0 && hits / trials > (signal.ceiling ?? 1);
  };
  return { legacy: isOver(control), edgezero: isOver(canary) };
}
