import type { Effect } from "../reducer/index.ts";
import { describeCause, HELD_SENTENCES } from "../reducer/sentences.ts";
import type { PageReason } from "../reducer/index.ts";
import type { Happening } from "./course.ts";
import type { Fault, FaultKind, FaultOf } from "./fault.ts";

type Describe<Kind extends Happening["type"]> = (
  happening: Extract<Happening, { readonly type: Kind }>,
) => string;

const SENTENCES: { readonly [Kind in Happening["type"]]: Describe<Kind> } = {
  "fault-began": ({ fault }) => `From now on ${describeFault(fault)}.`,
  "fault-ended": ({ fault }) => `No longer: ${describeFault(fault)}.`,
  written: ({ pct }) => `The store has ${pct}%.`,
  obeyed: ({ pct }) => `Gateways decide by ${pct}%.`,
  effect: ({ effect }) => describeEffect(effect),
  unrecorded: ({ pct }) => `Nothing is recorded at ${pct}% yet: the plan waits.`,
};

/** What happened, as a sentence. */
export function describeHappening(happening: Happening): string {
  return (SENTENCES[happening.type] as (happening: Happening) => string)(happening);
}

const FAULTS: { readonly [Kind in FaultKind]: (fault: FaultOf<Kind>) => string } = {
  rate: ({ signal, rate }) => `${signal} of EdgeZero is ${percent(rate)}`,
  slow: ({ times }) => `EdgeZero takes ${times} times as long`,
  "one-client": ({ part }) =>
    `one client with ${percent(part)} of EdgeZero's requests fails with all of them`,
  outage: ({ paths }) => (paths === "both" ? "both paths are down" : `${paths} is down`),
  "no-traffic": () => "nobody sends requests",
  "store-stalls": () => "the store does not answer",
  "source-dies": ({ source }) =>
    source === null ? "no source of evidence answers" : `the source ${source} does not answer`,
};

/** A fault as a part of a sentence. */
export function describeFault(fault: Fault): string {
  return (FAULTS[fault.kind] as (fault: Fault) => string)(fault);
}

function percent(part: number): string {
  return `${Number((100 * part).toPrecision(4))}%`;
}

const PAGES: Readonly<Record<Exclude<PageReason, keyof typeof HELD_SENTENCES>, string>> = {
  "not-written": "The 0 is not written.",
  "rollback-unverified": "The rollback is not verified.",
};

function describePage(reason: PageReason): string {
  return { ...HELD_SENTENCES, ...PAGES }[reason];
}

type DescribeEffect<Type extends Effect["type"]> = (
  effect: Extract<Effect, { readonly type: Type }>,
) => string;

const EFFECTS: { readonly [Type in Effect["type"]]: DescribeEffect<Type> } = {
  raise: ({ from, pct }) => `The plan goes from ${from}% to ${pct}%.`,
  "write-zero": ({ cause }) => `It rolls back. ${describeCause(cause)}`,
  "prove-zero": () => "It asks gateways to prove the 0.",
  page: ({ reason }) => `It pages. ${describePage(reason)}`,
  answer: ({ command, accepted, sentence }) =>
    `${command} is ${accepted ? "taken" : "refused"}. ${sentence}`,
  moved: ({ from, to, reason }) => `${from} → ${reason === null ? to : `${to}: ${reason}`}`,
};

function describeEffect(effect: Effect): string {
  return (EFFECTS[effect.type] as (effect: Effect) => string)(effect);
}
