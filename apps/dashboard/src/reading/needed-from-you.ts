import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { SignalView } from "@edgezero/control-api/signal-view";
import { aboveCeiling } from "./ceiling.ts";
import { silentSources } from "./freshness.ts";
import { listText, showsSign } from "./health.ts";
import { recentRate, valueText } from "./signal-texts.ts";
import { isFromOutside } from "./status.ts";

/** What a rollout needs of the operator, if anything. Pure. */
export function neededFromYou(view: EnvironmentView): string {
  if (view.state === "held" && view.reason === "drifted") {
    return "It waits for you: resume from the value that was set, or roll back.";
  }
  const { rail, stage, state } = view;
  const [held] = view.held;
  if (state === "held" && held === "blind" && silentSources(view).length === 0) {
    return "Nothing is needed from you: evidence comes again, and has to stay fresh for 3 windows.";
  }
  if (state === "held" && held !== undefined) {
    return `${HELD_TODO[held]} It goes on by itself when that is over.`;
  }
  if (isFromOutside(view)) {
    return `Ask who did it, and why. “${OWN_ZERO}” proves it at every gateway. ${againText(view)}`;
  }
  if (state === "rolled-back" && view.pct === 0) {
    return `Mend the fault: at 0% this page cannot see whether that is done. ${againText(view)}`;
  }
  if (state === "observing" && silentSources(view).length > 0) {
    return `${HELD_TODO.blind} It goes on by itself when that is over.`;
  }
  const watch = state === "observing" ? watchText(view) : null;
  if (watch !== null) return watch;
  const isApprovalAhead = rail.some(
    ({ status, approval }) => status === "present" && approval === "needed",
  );
  if (state === "observing" && isApprovalAhead) {
    return `Nothing is needed from you yet. Stage ${stage ?? "?"} ends with an approval.`;
  }
  return TEXTS[state];
}

/** What to keep an eye on while it goes on by itself; `null` where nothing stands out. */
function watchText({ signals }: EnvironmentView): string | null {
  for (const signal of signals) {
    const above = aboveCeiling(signal);
    if (above === null) continue;
    if (above.when === "now") {
      const then = above.isOnBothPaths ? "It is held if that lasts." : worseText(signal);
      return `Watch ${signal.name}: ${above.text}. ${then}`;
    }
    const late = valueText(signal, recentRate(signal));
    return `The signal ${signal.name} was ${above.text} in this stage, and is at ${late} of late.`;
  }
  const signs = signals.filter((signal) => signal.decides && showsSign(signal));
  const [first] = signs;
  return first === undefined
    ? null
    : `Watch ${listText(signs.map(({ name }) => name))}. ${worseText(first)}`;
}

function worseText({ breach }: SignalView): string {
  return `It ${breach === "rollback" ? "rolls back" : "holds"} by itself if EdgeZero is proven worse.`;
}

/** The name of the rollback that makes a 0 of someone else the controller's. */
export const OWN_ZERO = "Write 0 and prove it";

function againText({ rail }: EnvironmentView): string {
  const [first] = rail;
  return `Then reset, and start again${first === undefined ? "" : ` at ${first.pct}%`}.`;
}

const TEXTS: Readonly<Record<EnvironmentView["state"], string>> = {
  idle: "It waits for you to start it.",
  "warming-up": "Nothing is needed from you.",
  propagating: "Nothing is needed from you.",
  observing: "Nothing is needed from you.",
  held: "It goes on by itself when the reason is gone. You can roll back at any time.",
  "awaiting-approval": "It waits for your approval.",
  paused: "It waits for you to resume it.",
  "rolling-back": "Nothing is needed from you: it tries until it is done.",
  "rolled-back": "Find the fault, then reset to begin again.",
  "rollback-unverified": "It needs you: see what the named gateway serves.",
  completed: "Nothing guards it now. Reset to begin another rollout.",
  unavailable: "It needs you: mend what is named. The controller tries again by itself.",
  following: "Nothing is needed here: look at the controller that leads.",
};

/** What helps, for each reason to hold. */
const HELD_TODO: Readonly<Record<EnvironmentView["held"][number], string>> = {
  drifted: "Someone else set the percentage.",
  fault: "Read the controller's log.",
  "one-client": "Look at the client that fails.",
  breach: "Find the fault, or roll back.",
  incident: "Mend what both paths need.",
  "legacy-down": "Mend legacy.",
  "no-legacy": "See why legacy gets no requests.",
  blind: "See why the source of evidence gave nothing.",
  "no-traffic": "See what is in front of the gateways.",
  routing: "See why the gateways send EdgeZero nothing.",
  unseen: "Name every gateway in the source.",
  share: "See whether all gateways read this store.",
  propagation: "See which gateway does not follow the store.",
};
