import type { EnvironmentView, RailStage } from "@edgezero/control-api/environment-view";
import { LEGACY_BY } from "@edgezero/control-api/legacy-by";
import type { Reason } from "@edgezero/control-api/words";
import { ceilingText } from "./ceiling.ts";
import { healthOf, listText, standardText } from "./health.ts";
import { countText, percentText } from "./numbers.ts";
import { leftMs } from "./time-left.ts";
import { aboutText, agoText } from "./times.ts";
import type { Tone } from "./tone.ts";

/** The sign that stands before a status; its form differs, not only its colour. */
export type Sign = "rest" | "wait" | "go" | "hold" | "gate" | "back" | "alarm" | "done";

/** Everything in one line: what it does and where, and why. */
export interface Status {
  readonly tone: Tone;
  readonly sign: Sign;
  /** Such as `Holding at 10%`. */
  readonly headline: string;
  /** Such as `not enough evidence: 37 of 100 requests on EdgeZero`. */
  readonly detail: string;
}

type View = EnvironmentView;

/** The status of an environment. `now`: milliseconds of the epoch; as of the view unless given. Pure. */
export function statusOf(view: View, now: number = view.at): Status {
  const status = STATUS[view.state](view, now);
  const { storeUnreadSince: since = null } = view;
  if (since === null) return status;
  const { tone, detail } = status;
  // What was not read of late may be otherwise by now: nothing is known to be good.
  return {
    ...status,
    tone: tone === "bad" ? tone : "caution",
    detail: `${detail}; the store was last read ${agoText(since, view.at)}`,
  };
}

/** The stage that the rollout is in; `null` where it is in no stage. */
export function presentStage({ rail }: View): RailStage | null {
  return rail.find(({ status }) => status === "present") ?? null;
}

/**
 * The percentage on its way to the gateways. The store may still be read with the lower value before the write;
 * a rollout that was resumed from another percentage is above its stage. Pure.
 */
export function writtenPct(view: View): number {
  return Math.max(presentStage(view)?.pct ?? 0, view.pct ?? 0);
}

const STATUS: Readonly<Record<View["state"], (view: View, now: number) => Status>> = {
  idle: ({ pct }) => ({
    tone: pct === null || pct === 0 ? "off" : "caution",
    sign: "rest",
    headline: pct === null ? "Idle" : `Idle at ${pct}%`,
    detail:
      pct === null
        ? "the store was not read yet"
        : pct === 0
          ? "no rollout is under way"
          : "no rollout is under way, and someone else set the percentage",
  }),
  "warming-up": (view) => ({
    tone: "calm",
    sign: "wait",
    headline: "Warming up at 0%",
    detail: because(view, "learning how legacy behaves"),
  }),
  propagating: (view) => ({
    tone: "calm",
    sign: "wait",
    headline: `Moving to ${writtenPct(view)}%`,
    detail: because(view, "the write is on its way to every gateway"),
  }),
  observing: observing,
  held: (view) => ({
    tone: view.reason === "breach" ? "bad" : "caution",
    sign: "hold",
    headline: `Held at ${pctText(view)}`,
    detail: because(view, "something keeps it back"),
  }),
  "awaiting-approval": (view) => ({
    tone: "caution",
    sign: "gate",
    headline: `Waiting for approval at ${pctText(view)}`,
    detail: because(view, "the next stage needs an operator's approval"),
  }),
  paused: (view) => ({
    tone: "caution",
    sign: "hold",
    headline: `Paused at ${pctText(view)}`,
    detail: "verdicts go on, and can roll back",
  }),
  "rolling-back": (view) => ({
    tone: "bad",
    sign: "back",
    headline: "Rolling back to 0%",
    detail:
      view.rollback?.writtenAt == null
        ? "0 is not written yet"
        : "0 is written, and not proven yet",
  }),
  "rolled-back": (view) => ({
    tone: "caution",
    sign: "back",
    headline:
      view.pct !== 0
        ? `Rolled back, but the store has ${pctText(view)}`
        : isFromOutside(view)
          ? "Stopped from outside"
          : "Rolled back to 0%",
    detail: view.pct === 0 ? causeText(view) : "someone else set it since, or it is an old value",
  }),
  "rollback-unverified": () => ({
    tone: "bad",
    sign: "alarm",
    headline: "Rolled back, NOT verified",
    detail: "clients may still get EdgeZero",
  }),
  completed: (view) => ({
    tone: "off",
    sign: "done",
    headline: `Completed at ${pctText(view)}`,
    detail: "nothing is guarded any more",
  }),
  unavailable: ({ sentence }) => ({
    tone: "bad",
    sign: "alarm",
    headline: "NOT run by this controller",
    detail: sentence,
  }),
  following: ({ sentence }) => ({
    tone: "off",
    sign: "wait",
    headline: "Another controller leads",
    detail: sentence,
  }),
};

/** Whether it is at 0 by someone else's hand, which this controller has neither written nor proven. Pure. */
export function isFromOutside({ state, rollback }: Pick<View, "state" | "rollback">): boolean {
  return state === "rolled-back" && rollback?.attempts === 0;
}

/** Why it was rolled back, as a part of a sentence. */
function causeText(view: View): string {
  const { legacyBy, rollback } = view;
  const cause = rollback?.cause.replace(/\.$/, "") ?? "it is not known why";
  if (isFromOutside(view) && legacyBy !== null) return LEGACY_BY[legacyBy];
  // The name of an operator stays as it is.
  return cause.replace(/^(?:The|An|Someone) /, (word) => word.toLowerCase());
}

function observing(view: View, now: number): Status {
  const isMoving = view.reason === null || view.reason === "hold" || view.reason === "raising";
  const health = healthOf(view);
  return {
    tone: health.tone === "off" ? "calm" : health.tone,
    sign: isMoving ? "go" : "wait",
    headline: `${isMoving ? "Observing" : "Waiting"} at ${pctText(view)}`,
    detail: because(view, "everything is there for the next stage", now),
  };
}

function pctText({ pct }: View): string {
  return pct === null ? "an unknown percentage" : `${pct}%`;
}

function because(view: View, otherwise: string, now: number = view.at): string {
  return view.reason === null ? otherwise : BECAUSE[view.reason](view, now);
}

/** Why it is not further, after a headline. */
const BECAUSE: Readonly<Record<Reason, (view: View, now: number) => string>> = {
  drifted: ({ pct }) => `someone else set ${pct === null ? "another percentage" : `${pct}%`}`,
  fault: () => "the controller had a fault of its own",
  "one-client": () => "EdgeZero reads worse, but at most two clients fail",
  breach: (view) => `${worseNames(view)} worse than ${standardText(view)}`,
  incident: ({ signals }) => `both paths fail more than ${ceilingText(signals)} allows`,
  "legacy-down": ({ signals }) =>
    `legacy fails more than ${ceilingText(signals)} allows, and EdgeZero does not`,
  "no-legacy": () => "legacy has no requests to compare with",
  blind: ({ sources }) => {
    const names = sources.filter(({ missing }) => missing !== null).map(({ name }) => name);
    return names.length === 0
      ? "evidence was missing or old, and has to be fresh for 3 windows"
      : `evidence is missing from ${listText(names)}`;
  },
  "no-traffic": () => "neither path has any requests",
  routing: () => "EdgeZero has no requests, although its share should give it some",
  unseen: () => "more gateways answer than the source has counts of",
  share: ({ observedShare, pct }) =>
    observedShare === null
      ? "EdgeZero's share differs from the percentage that was set"
      : `EdgeZero gets ${percentText(observedShare)}, not ${pct ?? "?"}%`,
  propagation: () => "the write has not reached every gateway in twice the usual time",
  held: () => "something keeps it back",
  paused: () => "verdicts go on, and can roll back",
  raising: ({ next }) => `writing ${next ?? "the next"}%`,
  propagating: () => "the write is on its way to every gateway",
  missing: () => "there is no fresh evidence",
  "warming-up": () => "learning how legacy behaves",
  store: () => "the store could not be read of late",
  freeze: () => "a freeze is on",
  requests: (view) => {
    const stage = presentStage(view);
    return stage === null
      ? "not enough evidence"
      : `not enough evidence: ${countText(stage.requests ?? 0)} of ${countText(stage.minRequests)} requests on EdgeZero`;
  },
  thin: ({ signals }) => {
    const names = signals.filter(({ verdict }) => verdict === "insufficient");
    return `not enough evidence to judge ${listText(names.map(({ name }) => name))}`;
  },
  "not-proven": ({ signals }) => {
    const names = signals.filter(({ required, verdict }) => required && verdict !== "not-worse");
    return `not proven yet: ${listText(names.map(({ name }) => name))}`;
  },
  hold: (view, now) => {
    const left = leftMs(view, now);
    return left === null
      ? "the stage's time is not over"
      : `${aboutText(left)} of the stage's time left`;
  },
  approval: ({ stage }) => `stage ${stage ?? "?"} needs an operator's approval`,
};

function worseNames({ signals }: View): string {
  const names = signals.filter(
    ({ heldSince, verdict }) => heldSince !== null || verdict === "worse",
  );
  return names.length === 0 ? "a signal reads" : listText(names.map(({ name }) => name));
}
