import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import { observedNow } from "@edgezero/control-api/observed-now";
import type { SignalView } from "@edgezero/control-api/signal-view";
import { aboveCeiling, aboveCeilingOfLate } from "./ceiling.ts";
import { percentText } from "./numbers.ts";
import type { Tone } from "./tone.ts";

/** How a signal reads, in a word or two. */
export interface SignalHealth {
  readonly tone: Tone;
  readonly word: string;
  /** Too little has come to say anything. It is shown as thin, whatever the numbers are. */
  readonly isThin: boolean;
  /** Nothing comes now: the numbers are those of before. Absent: they are of now. */
  readonly isOld?: boolean;
}

/** Evidence of harm from which on it is worth a mention. */
const SIGN = 0.25;

/** The part of the trials that are needed, below which "no sign of harm" would say too much. */
const EARLY = 0.05;

/** How a signal reads. Never `good` without evidence, and never by what is old. Pure. */
export function signalHealth(
  signal: SignalView,
  { sources, held, state }: Pick<EnvironmentView, "sources" | "held" | "state">,
): SignalHealth {
  if (state === "completed") return { tone: "off", word: "not guarded", isThin: false };
  const { verdict, decides, trials, needed } = signal;
  const isSilent = sources.some(({ name, missing }) => name === signal.source && missing !== null);
  if (isSilent || held.includes("blind")) {
    return { tone: "caution", word: "no fresh data", isThin: true, isOld: true };
  }
  const [silence] = held.flatMap((reason) => SILENT[reason] ?? []);
  if (silence !== undefined) return { tone: "caution", word: silence, isThin: true, isOld: true };
  if (verdict === "insufficient") return { tone: "off", word: "too little data", isThin: true };
  if (verdict === "worse") return { tone: "bad", word: "worse", isThin: false };
  // In an incident the windows of late decide; otherwise one failure of a few requests would be an alarm.
  const late = held.includes("incident") ? aboveCeilingOfLate(signal) : null;
  if (late !== null) return { tone: "bad", word: late, isThin: false };
  const above = aboveCeiling(signal);
  if (above !== null) return { tone: "caution", word: above.text, isThin: false };
  if (!decides) return { tone: "off", word: "not judged now", isThin: true };
  if (verdict === "not-worse") return { tone: "good", word: "within margin", isThin: false };
  if (showsSign(signal)) return { tone: "caution", word: "may be worse", isThin: false };
  if (needed !== null && trials < EARLY * needed) {
    return { tone: "off", word: "too early to tell", isThin: true };
  }
  return { tone: "calm", word: "no sign of harm", isThin: false };
}

/** Reasons to hold in which the numbers of a signal are those of before. */
const SILENT: Partial<Readonly<Record<EnvironmentView["held"][number], string>>> = {
  "no-traffic": "no requests now",
  routing: "no requests now",
  "no-legacy": "no legacy now",
};

/** Whether there is some evidence that it is worse, and not enough to act on. Pure. */
export function showsSign({ verdict, direction, evidence }: SignalView): boolean {
  return verdict === "undecided" && (direction !== null || evidence >= SIGN);
}

/** The signals as the page lists them: harm first, then what needs a look, and else as in the plan. Pure. */
export function worstFirst(view: EnvironmentView): readonly SignalView[] {
  const rankOf = (signal: SignalView): number => {
    const { tone } = signalHealth(signal, view);
    return tone === "bad" ? 2 : tone === "caution" ? 1 : 0;
  };
  return view.signals.toSorted((a, b) => rankOf(b) - rankOf(a));
}

/** How an environment is, in a few words. */
export interface Health {
  readonly tone: Tone;
  readonly text: string;
}

const RANK: Readonly<Record<Tone, number>> = { bad: 4, caution: 3, off: 2, calm: 1, good: 0 };

/** Whether EdgeZero is healthy, as far as its signals can tell. Pure. */
export function healthOf(view: EnvironmentView): Health {
  const unjudged = UNJUDGED[view.state]?.(view) ?? heldHealth(view);
  if (unjudged !== null) return unjudged;
  const known = view.signals.map((signal) => {
    return { name: signal.name, ...signalHealth(signal, view) };
  });
  const [worst] = known.toSorted((a, b) => RANK[b.tone] - RANK[a.tone]);
  if (worst === undefined) return { tone: "off", text: "Not known yet" };
  const { tone, word } = worst;
  const alike = known.filter(
    (each) => each.tone === tone && (tone === "off" || each.word === word),
  );
  const names = alike.map(({ name }) => name);
  return {
    tone,
    text: TEXTS[tone]({ names, word, standard: standardText(view), of: known.length }),
  };
}

/** States in which signals do not say how it is. */
const UNJUDGED: Partial<
  Readonly<Record<EnvironmentView["state"], (view: EnvironmentView) => Health>>
> = {
  idle: unwatched,
  "warming-up": unwatched,
  completed: () => ({ tone: "off", text: "Not guarded any more" }),
  "rolling-back": () => ({ tone: "bad", text: "On its way back to legacy" }),
  "rollback-unverified": () => ({ tone: "bad", text: "Clients may still get EdgeZero" }),
  "rolled-back": rolledBack,
};

/** Safe only where the rollback was proven, and the traffic shows it too. */
function rolledBack(view: EnvironmentView): Health {
  if (view.pct !== 0) return { tone: "caution", text: "Not watched: no rollout is under way" };
  const observed = observedNow(view);
  if (observed !== null && observed > 0) return ofLate(observed);
  if (view.rollback?.attempts === 0) {
    return {
      tone: "off",
      text:
        observed === null ? "Legacy by the store, not proven" : "Legacy serves all that is seen",
    };
  }
  return observed === null
    ? { tone: "off", text: "Rollback proven, not seen in traffic yet" }
    : { tone: "off", text: "Safe: legacy serves all" };
}

function unwatched(view: EnvironmentView): Health {
  const { pct, storeUnreadSince: unread = null } = view;
  if (pct === null) return { tone: "off", text: "Not known: the store was not read yet" };
  if (unread !== null) return { tone: "caution", text: "Not known: the store is not read" };
  if (pct !== 0) return { tone: "caution", text: "Not watched: no rollout is under way" };
  const observed = observedNow(view);
  if (observed === null) return { tone: "off", text: "Nothing to judge: legacy by the store" };
  return observed > 0
    ? ofLate(observed)
    : { tone: "off", text: "Nothing to judge: legacy serves all" };
}

function ofLate(observed: number): Health {
  return { tone: "caution", text: `${percentText(observed)} on EdgeZero in the last minute` };
}

/** What keeps signals from saying how it is, or says it by itself; `null`: nothing does. */
function heldHealth({ sources, held }: EnvironmentView): Health | null {
  if (sources.length > 0 && sources.every(({ missing }) => missing !== null)) {
    return { tone: "caution", text: "Not known: no evidence comes" };
  }
  const [health] = held.flatMap((reason) => HELD_HEALTH[reason] ?? []);
  return health ?? null;
}

const HELD_HEALTH: Partial<Readonly<Record<EnvironmentView["held"][number], Health>>> = {
  blind: { tone: "caution", text: "Not known: evidence is not fresh" },
  "no-traffic": { tone: "caution", text: "Not known: no requests come" },
  routing: { tone: "caution", text: "Not known: EdgeZero gets no requests" },
  "no-legacy": { tone: "caution", text: "Not known: legacy gets no requests" },
  incident: { tone: "bad", text: "No: both paths fail" },
  "legacy-down": { tone: "bad", text: "Legacy fails, and EdgeZero does not" },
  "one-client": { tone: "caution", text: "Worse, for at most two clients" },
};

interface Alike {
  readonly names: readonly string[];
  readonly word: string;
  /** What they are compared with. */
  readonly standard: string;
  /** How many signals there are. */
  readonly of: number;
}

const TEXTS: Readonly<Record<Tone, (alike: Alike) => string>> = {
  bad: ({ names, standard }) => `${listText(names)} worse than ${standard}`,
  caution: ({ names, word }) => `${listText(names)}: ${word}`,
  off: ({ names, of }) =>
    names.length === of
      ? "Not known yet: too little data"
      : `Too little data for ${listText(names)}`,
  calm: () => "No sign of harm, not proven yet",
  good: ({ of }) => (of === 1 ? "Within its margin" : `All ${of} signals within their margins`),
};

/** What EdgeZero is compared with. Where no legacy is left, that is the ceiling alone. Pure. */
export function standardText({ pct }: Pick<EnvironmentView, "pct">): string {
  return pct !== null && pct >= 100 ? "the ceiling allows" : "legacy";
}

/** Names as a list: `errors, timeouts and p95`. */
export function listText(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}
