import type { Look } from "./ask-controller.ts";
import type { EnvironmentView } from "./environment-view.ts";
import type { STATES } from "./words.ts";
import { explanationLines, viewLines } from "./view-text.ts";

/** What a store has, as the one who looks has read it. */
export interface StoreSeen {
  readonly pct: number;
  readonly epoch: string;
}

/** A controller as every JSON document has it. */
export function lookDocument(url: string, look: Look): Record<string, unknown> {
  const { view, finding } = { view: null, finding: null, ...look };
  return { url, view, finding };
}

/**
 * What a controller shows, for people, a line each: where it is and as of when. Without an answer it says
 * so, and that nothing is known of what it does.
 *
 * @param store What was read beside it; other values in the view are told.
 */
export function lookLines(url: string, look: Look, store: StoreSeen): string[] {
  if (look.kind === "unseen") {
    const { message, todo } = look.finding;
    const next = todo === "" ? [] : [`→ ${todo}`];
    return [`controller: NOT SEEN, and nothing is known of what it does: ${message}`, ...next];
  }
  const { view } = look;
  const differs = differsText(view, store);
  return [
    `controller ${url}, as of ${new Date(view.at).toISOString()}:`,
    ...[...(differs === null ? [] : [differs]), ...viewLines(view)].map((line) => `  ${line}`),
  ];
}

/** The same with what each signal says in words, and what happened of late. */
export function explainedLines(url: string, view: EnvironmentView): string[] {
  const asOf = `controller ${url}, as of ${new Date(view.at).toISOString()}`;
  // The first one is in the sentence.
  const others = view.reasons.slice(1).map(({ sentence, waitsFor }) => {
    return `also: ${sentence} It waits for: ${waitsFor}`;
  });
  return [...explanationLines(view), ...others, asOf];
}

function differsText({ pct, epoch }: EnvironmentView, store: StoreSeen): string | null {
  if (pct === null || (pct === store.pct && (epoch ?? store.epoch) === store.epoch)) return null;
  return `the controller last read ${pct}% (epoch ${epoch ?? "not known"}), but this store has ${store.pct}% (epoch ${store.epoch}): it has not read the change yet, or it uses another store`;
}

/** Whether another percentage in the store holds the rollout, by its state. */
const HOLDS: Readonly<Record<keyof typeof STATES, boolean>> = {
  idle: false,
  "warming-up": true,
  propagating: true,
  observing: true,
  held: true,
  "awaiting-approval": true,
  paused: true,
  "rolling-back": false,
  "rolled-back": false,
  "rollback-unverified": false,
  completed: true,
  // Nobody runs it, and so nobody holds.
  unavailable: false,
  // The one that leads may hold, and was not asked.
  following: true,
};

/** What follows where an operator writes a percentage above 0 beside a controller; `null`: nothing does. */
export function driftText(look: Look): string | null {
  if (look.kind === "unseen")
    return `${look.finding.message}. If a controller leads this rollout, it may hold as drifted after this change`;
  if (!HOLDS[look.view.state]) return null;
  const { state, pct } = look.view;
  if (state === "following") {
    return "another controller leads this rollout, not the one that was asked. If its plan asks for another percentage, the controller will hold as drifted";
  }
  return `a controller leads this rollout (${state}, at ${pct ?? 0}%). If its plan asks for another percentage, the controller will hold as drifted`;
}
