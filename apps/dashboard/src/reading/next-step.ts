import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import { listText, showsSign } from "./health.ts";
import { capital } from "./incident-words.ts";
import { presentStage, writtenPct } from "./status.ts";
import { leftMs } from "./time-left.ts";
import { aboutText } from "./times.ts";

/** What follows if nothing happens, and when. */
export interface NextStep {
  /** Such as `50%, in about 12 min at the earliest`. */
  readonly what: string;
  /** What has to come first, such as `after the rest of the stage's time and an operator's approval`. */
  readonly when: string;
}

/** What a rollout does next by itself. `now`: milliseconds of the epoch. Pure. */
export function nextStep(view: EnvironmentView, now: number): NextStep {
  return NEXT[view.state](view, now);
}

type Next = (view: EnvironmentView, now: number) => NextStep;

const NOTHING: Next = ({ waitsFor }) => ({ what: "Nothing by itself", when: `until ${waitsFor}` });

const FURTHER: Next = (view, now) => ({
  what: capital(`${nextText(view)}${whenText(view, now)}`),
  when: `after ${listText(waitsOf(view))}${unlessText(view)}`,
});

/** It waits for what nobody can time. */
const WAITING: Next = (view, now) => ({
  what: capital(`${nextText(view)}${whenText(view, now)}`),
  when: `it waits for ${listText(waitsOf(view))}`,
});

const NEXT: Readonly<Record<EnvironmentView["state"], Next>> = {
  idle: NOTHING,
  "warming-up": ({ next, waitsFor }) => ({
    what: `${next === null ? "The first stage" : `${next}%`}, when legacy is known`,
    when: `after ${waitsFor}`,
  }),
  propagating: (view) => ({
    what: `${writtenPct(view)}% at every gateway`,
    when: `then ${nextText(view)}, ${aboutText(presentStage(view)?.holdMs ?? 0)} later at the earliest`,
  }),
  observing: FURTHER,
  held: WAITING,
  "awaiting-approval": FURTHER,
  paused: FURTHER,
  "rolling-back": ({ waitsFor }) => ({ what: "0%, now", when: `it waits for ${waitsFor}` }),
  "rolled-back": () => ({
    what: "Nothing by itself",
    when: "until an operator's reset, and a start",
  }),
  "rollback-unverified": ({ waitsFor }) => ({
    what: "It goes on trying to prove the 0",
    when: `until ${waitsFor}`,
  }),
  completed: NOTHING,
  unavailable: NOTHING,
  following: ({ waitsFor }) => ({ what: "Nothing here", when: `until ${waitsFor}` }),
};

function whenText(view: EnvironmentView, now: number): string {
  const left = leftMs(view, now);
  if (left !== null) return `, in about ${aboutText(left)}`;
  if (view.state === "awaiting-approval") return ", as soon as it is approved";
  const stage = presentStage(view);
  const hold = stage === null ? 0 : stage.holdMs - (stage.heldMs ?? 0);
  return hold > 0 ? `, at least ${aboutText(hold)} after it goes on` : ", as soon as it goes on";
}

/** What has to come first, of many the first two. An approval comes last. */
function waitsOf({ reasons, waitsFor, rail, state }: EnvironmentView): readonly string[] {
  const ahead = rail.some(({ status, approval }) => status === "present" && approval === "needed");
  const waits = distinct(reasons)
    .filter(({ reason }) => reason !== "approval")
    .map((each) => each.waitsFor);
  const all = waits.length === 0 ? [waitsFor] : [...new Set(waits)];
  const isApprovalAhead = ahead && state !== "awaiting-approval";
  return isApprovalAhead ? [...fewOf(all), "an operator's approval"] : fewOf(all);
}

/** Reasons without those that another one says already: who is blind has no fresh evidence. Pure. */
export function distinct(reasons: EnvironmentView["reasons"]): EnvironmentView["reasons"] {
  const isBlind = reasons.some(({ reason }) => reason === "blind");
  return isBlind ? reasons.filter(({ reason }) => reason !== "missing") : reasons;
}

/** The first two of more than three, and how many there are beside them. Pure. */
export function fewOf(all: readonly string[]): readonly string[] {
  return all.length < 4 ? all : [...all.slice(0, 2), `${all.length - 2} more`];
}

/** What would come instead: harm, where a signal shows a sign of it, by name. */
function unlessText({ signals }: EnvironmentView): string {
  const names = signals
    .filter((signal) => signal.breach === "rollback" && signal.decides && showsSign(signal))
    .map(({ name }) => name);
  return names.length === 0
    ? ", unless harm shows"
    : `; 0% at once if EdgeZero is proven worse in ${listText(names)}`;
}

function nextText({ next }: EnvironmentView): string {
  return next === null ? "the end of the plan" : `${next}%`;
}
