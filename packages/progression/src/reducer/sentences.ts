import type { Blocker, BlockerKind } from "./blockers.ts";
import type { Signal } from "../statistics/index.ts";
import { leftText } from "../plan/span.ts";
import { percent, rounded } from "../statistics/sentences/numbers.ts";
import type { AdvisoryValue, ExplainedAdvisory } from "./advisory.ts";
import type { HeldReason, RollbackCause } from "./phase.ts";

/** Why a rollout is held, as a sentence. */
export const HELD_SENTENCES: Readonly<Record<HeldReason, string>> = {
  drifted: "Someone else wrote another percentage than the plan asks for.",
  fault: "The controller had a fault of its own, so that it may have missed something.",
  "one-client": "EdgeZero reads worse, but at most two of its clients fail.",
  breach: "A signal reads worse than the plan allows.",
  incident: "Both paths fail more than the ceiling allows.",
  "legacy-down": "Legacy fails more than the ceiling allows, and EdgeZero does not.",
  "no-legacy": "Legacy has no requests, so that there is nothing to compare with.",
  blind: "A source of evidence does not answer, or its data is old.",
  "no-traffic": "Neither path has any requests.",
  routing: "EdgeZero has no requests, although its share should give it some.",
  unseen:
    "More gateways answer probes than the source has counts of: some gateways are not measured.",
  share: "EdgeZero's share differs from the percentage that was set.",
  propagation: "The write has not reached every gateway in twice the usual time.",
};

/** What ends each reason to hold. How long it has to last is in `conditions.ts`. */
export const HELD_UNTIL: Readonly<Record<HeldReason, string>> = {
  drifted: "an operator's resume or rollback",
  fault: "3 ticks without a fault of the controller's own",
  "one-client":
    "the end of the signal's worse reading (it rolls back if clients still fail after 10 minutes, or once a third client fails, or a second one of at most 6)",
  breach: "a quarter of an hour that does not read worse",
  incident: "both paths under the ceiling",
  "legacy-down": "legacy under the ceiling",
  "no-legacy": "requests on legacy",
  blind: "fresh data",
  "no-traffic": "requests",
  routing: "requests on EdgeZero",
  unseen: "every gateway that answers probes to be counted",
  share: "a share near the percentage",
  propagation: "the arrival of the write",
};

type Describe<Kind extends BlockerKind> = (
  blocker: Extract<Blocker, { readonly kind: Kind }>,
) => string;

const BLOCKER_SENTENCES: { readonly [Kind in BlockerKind]: Describe<Kind> } = {
  held: ({ reason }) => HELD_SENTENCES[reason],
  paused: () => "The rollout is paused.",
  raising: () => "The write of the next percentage is under way.",
  propagating: () => "The write has not reached every gateway yet.",
  missing: ({ signals, isFirst = false }) =>
    isFirst
      ? "The first window of this stage has not come yet."
      : `There is no fresh evidence of ${signals.map(nameOf).join(", ")}.`,
  "warming-up": ({ windows }) =>
    windows === 1 ? "1 window of legacy is known." : `${windows} windows of legacy are known.`,
  store: () => "No recent read of the store shows the percentage that the plan asks for.",
  freeze: ({ leftMs }) =>
    `A freeze is on${leftMs === null ? "" : `, and ends in ${leftText(leftMs)}`}.`,
  requests: ({ have, need, leftMs }) =>
    `EdgeZero has ${have} of ${need} requests in this stage${leftMs === null ? "" : `, about ${leftText(leftMs)} more`}.`,
  thin: ({ signals }) => `There are too few requests to judge ${signals.join(", ")}.`,
  "not-proven": ({ signals }) => `Not proven yet to be within the margin: ${signals.join(", ")}.`,
  hold: ({ leftMs }) => `The stage's time has ${leftText(leftMs)} left.`,
  approval: ({ stage }) => `Stage ${stage} waits for an approval.`,
};

/** Why a rollout does not go further, as a sentence. */
export function describeBlocker(blocker: Blocker): string {
  return (BLOCKER_SENTENCES[blocker.kind] as Describe<BlockerKind>)(blocker);
}

function nameOf(signal: string): string {
  return signal === "" ? "the traffic" : signal;
}

type DescribeCause<Kind extends RollbackCause["kind"]> = (
  cause: Extract<RollbackCause, { readonly kind: Kind }>,
) => string;

const CAUSE_SENTENCES: { readonly [Kind in RollbackCause["kind"]]: DescribeCause<Kind> } = {
  operator: ({ by }) => `${by === "" ? "An operator" : by} asked for it.`,
  worse: ({ signal }) => `EdgeZero was proven worse than the plan allows, by the signal ${signal}.`,
  lasted: ({ signal }) =>
    `EdgeZero stayed worse by the signal ${signal} for as long as the plan allows.`,
  "no-data": () =>
    "There was no fresh data for as long as the plan allows. This does not say that EdgeZero is bad.",
  outside: () => "Someone else wrote 0, deleted a key or switched the rollout off.",
};

/** Why a rollout was rolled back, as a sentence. */
export function describeCause(cause: RollbackCause): string {
  return (CAUSE_SENTENCES[cause.kind] as DescribeCause<RollbackCause["kind"]>)(cause);
}

/** What legacy did before, as a sentence that says that it decides nothing. */
export function describeAdvisory(signal: Signal, { earlier, sameHour }: ExplainedAdvisory): string {
  const show = ({ value }: AdvisoryValue): string =>
    signal.kind === "rate" ? percent(value) : rounded(value, 3);
  const known = [
    ...(earlier === null ? [] : [`${show(earlier)} beside the earlier stages`]),
    ...(sameHour === null
      ? []
      : [`${show(sameHour)} at this hour of ${dayCount(sameHour.days)} of the last 7`]),
  ];
  return known.length === 0
    ? "Nothing is known of legacy to compare with."
    : `For comparison only (it decides nothing): legacy had ${known.join(", and ")}.`;
}

function dayCount(days: number): string {
  return days === 1 ? "1 day" : `${days} days`;
}
