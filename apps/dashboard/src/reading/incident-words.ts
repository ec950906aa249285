import type { PageView } from "@edgezero/control-api/environment-view";

type Incident = PageView["reason"];

/** Every reason to hold or to wake someone up, for a reader who does not know its name. */
const WORDS: Readonly<Record<Incident, string>> = {
  drifted: "someone else set another percentage",
  fault: "the controller has a fault of its own",
  "one-client": "at most two clients fail",
  breach: "worse than the plan allows",
  incident: "both paths fail",
  "legacy-down": "legacy fails",
  "no-legacy": "no requests on legacy",
  blind: "no fresh evidence",
  "no-traffic": "no requests",
  routing: "no requests on EdgeZero",
  unseen: "gateways that nobody counts",
  share: "another share than the percentage",
  propagation: "gateways do not follow the write",
  "not-written": "0 is not written",
  "rollback-unverified": "the rollback is not proven",
  unavailable: "not run by this controller",
};

/** A reason in words, with its name, by which the documentation lists it. Pure. */
export function incidentText(incident: Incident): string {
  return `${WORDS[incident]} (${incident})`;
}

/** Words as the begin of a sentence. Pure. */
export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
