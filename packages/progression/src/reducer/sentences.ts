import type { Blocker, BlockerKind } from "./advance.ts";
import type { HeldReason, RollbackCause } from "./phase.ts";

/** Why a rollout is held, as a sentence. */
export const HELD_SENTENCES: Readonly<Record<HeldReason, string>> = {
  drifted: "Someone else wrote another percentage than the plan asks for.",
  "one-client": "EdgeZero reads worse, but only one or two of its clients fail.",
  breach: "A signal reads worse than legacy.",
  incident: "Both paths fail more than the ceiling allows.",
  "legacy-down": "Legacy fails more than the ceiling allows, and EdgeZero does not.",
  "no-legacy": "Legacy has no requests, so that there is nothing to compare with.",
  blind: "A source of evidence does not answer, or its data is old.",
  "no-traffic": "Neither path has any requests.",
  routing: "EdgeZero has no requests, although its share should give it some.",
  unseen: "More gateways answer probes than the source counts.",
  share: "The share of clients on EdgeZero is not the percentage.",
  propagation: "The write has not reached every gateway in twice the usual time.",
};

/** What ends each reason to hold. */
export const HELD_UNTIL: Readonly<Record<HeldReason, string>> = {
  drifted: "an operator's resume or rollback",
  "one-client": "the signal no longer reading worse; it rolls back when it lasts 10 minutes",
  breach: "a quarter of an hour that does not read worse",
  incident: "both paths under the ceiling for 5 windows",
  "legacy-down": "legacy under the ceiling for 5 windows",
  "no-legacy": "requests on legacy for 3 windows",
  blind: "fresh data for 3 windows",
  "no-traffic": "requests for 3 windows",
  routing: "requests on EdgeZero for 3 windows",
  unseen: "as many gateways counted as answer probes",
  share: "a share near the percentage for 3 windows",
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
  missing: ({ signals }) => `There is no fresh evidence of ${signals.map(nameOf).join(", ")}.`,
  "warming-up": ({ windows }) => `${windows} windows of legacy are known.`,
  store: () => "The store was not read of late with the percentage that the plan asks for.",
  freeze: () => "A freeze is on.",
  requests: ({ have, need }) => `EdgeZero has ${have} of ${need} requests in this stage.`,
  thin: ({ signals }) => `There are too few requests to judge ${signals.join(", ")}.`,
  "not-proven": ({ signals }) => `Not proven yet to be within the margin: ${signals.join(", ")}.`,
  hold: ({ leftMs }) => `The hold has ${Math.ceil(leftMs / 1000)} s left.`,
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
  worse: ({ signal }) => `${signal} was proven worse than legacy, beyond its margin.`,
  lasted: ({ signal }) => `${signal} stayed worse for as long as the plan allows.`,
  "no-data": () => "The plan rolls back after so long without data. It says nothing of EdgeZero.",
  outside: () => "Someone else wrote 0 or switched the rollout off.",
};

/** Why a rollout was rolled back, as a sentence. */
export function describeCause(cause: RollbackCause): string {
  return (CAUSE_SENTENCES[cause.kind] as DescribeCause<RollbackCause["kind"]>)(cause);
}
