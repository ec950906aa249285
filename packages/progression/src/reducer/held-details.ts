import { duration, percent, rounded } from "../statistics/sentences/numbers.ts";
import { requiredSources } from "./freshness.ts";
import type { HeldReason, Pass } from "./phase.ts";
import type { RolloutState } from "./state.ts";

type Detail = (pass: Pass, state: RolloutState) => string;

/** The numbers behind a reason to hold, as a sentence; empty where there is none to tell. */
const DETAILS: Readonly<Record<HeldReason, Detail>> = {
  drifted: ({ pct }) => `It is ${pct}%.`,
  fault: () => "Its log has the fault.",
  "one-client": ({ clients }) => {
    const failing = Math.max(0, ...clients.map((window) => window.failing));
    const all = Math.max(0, ...clients.map((window) => window.all));
    return all === 0
      ? ""
      : `At most ${failing} of ${all} clients failed in a window of the last minute.`;
  },
  breach: ({ breaches }) => {
    const names = Object.keys(breaches);
    return names.length === 0 ? "" : `Worse: ${names.join(", ")}.`;
  },
  incident: () => "",
  "legacy-down": () => "",
  "no-legacy": () => "",
  blind: (_, state) =>
    requiredSources(state)
      .map((name) => ({ name, ms: state.sources[name]?.blindMs ?? 0 }))
      .filter(({ ms }) => ms > 0)
      .map(({ name, ms }) => `${name} has given nothing fresh for ${duration(ms / 60_000)}.`)
      .join(" "),
  "no-traffic": () => "",
  routing: () => "",
  unseen: ({ instances }, { answering }) =>
    instances === null || answering === null
      ? ""
      : `${rounded(answering)} answer, and ${rounded(instances)} are counted.`,
  share: ({ share, pct }) =>
    share === null ? "" : `${percent(share)} are on EdgeZero, and ${pct}% should be.`,
  propagation: ({ carried: { all, carrying } }) =>
    all === 0
      ? ""
      : `${rounded(carrying)} of ${rounded(all)} decisions already use the new percentage.`,
};

export function detailOf(reason: HeldReason, pass: Pass, state: RolloutState): string {
  return DETAILS[reason](pass, state);
}
