import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { Happening } from "./follow.ts";
import type { IncidentKind } from "./incident.ts";

/** All that a person needs in order to act, in plain text. It is the `data` of a CloudEvent. */
export interface Notice {
  readonly environment: string;
  /** One for each incident: the same when it is repeated and when it is resolved. */
  readonly incident: string;
  readonly kind: IncidentKind;
  readonly what: Happening["what"];
  /** One line. */
  readonly title: string;
  /** What is so, with the numbers behind it. */
  readonly sentence: string;
  /** When the incident began, and when this was so, in RFC 3339. */
  readonly since: string;
  readonly at: string;
  readonly state: EnvironmentView["state"];
  /** The percentage in the store as it was last read; `null` before the first read. */
  readonly pct: number | null;
  /** What was done since it began, the latest last. Empty where nothing was done. */
  readonly done: readonly string[];
  readonly waitsFor: string;
  /** Commands for a terminal. */
  readonly commands: readonly string[];
  /** The page of the environment; `null` where the config does not say where it is. */
  readonly link: string | null;
}

interface Words {
  /** Goes on after the environment's name. */
  readonly title: string;
  /** What is so, where the view has no sentence of this reason. */
  readonly sentence: (view: EnvironmentView, about: string | null) => string;
  readonly commands: readonly Command[];
}

type Command = "explain" | "rollback" | "approve" | "resume" | "status" | "doctor";

const byView = ({ sentence }: EnvironmentView): string => sentence;
const held = (reason: string, commands: Words["commands"] = ["explain", "rollback"]): Words => ({
  title: `the rollout is held: ${reason}`,
  sentence: byView,
  commands,
});

const WORDS: Readonly<Record<IncidentKind, Words>> = {
  unavailable: {
    title: "THE CONTROLLER CANNOT RUN IT",
    sentence: byView,
    commands: ["rollback", "status", "doctor"],
  },
  fault: held("the controller has a fault of its own"),
  drifted: held("someone wrote another percentage", ["explain", "resume", "rollback"]),
  "one-client": held("EdgeZero reads worse, by at most two clients"),
  breach: held("a signal reads worse"),
  incident: held("both paths fail"),
  "legacy-down": held("legacy fails"),
  "no-legacy": held("legacy has no requests"),
  blind: held("evidence is missing"),
  "no-traffic": held("no path has requests"),
  routing: held("EdgeZero has no requests"),
  unseen: held("gateways are not measured", ["explain", "doctor"]),
  share: held("EdgeZero's share differs from the percentage"),
  propagation: held("gateways do not follow the write", ["explain", "doctor", "rollback"]),
  "not-written": {
    title: "0 CANNOT BE WRITTEN",
    sentence: byView,
    commands: ["rollback", "explain"],
  },
  "rollback-unverified": {
    title: "the rollback IS NOT PROVEN",
    sentence: byView,
    commands: ["rollback", "doctor", "explain"],
  },
  rollback: { title: "rollback to 0", sentence: byView, commands: ["explain", "status"] },
  approval: { title: "an approval waits", sentence: byView, commands: ["explain", "approve"] },
  source: {
    title: "a source of evidence is silent",
    sentence: ({ sources }, about) => {
      const missing = sources.find(({ name }) => name === about)?.missing ?? "it answers again";
      return `The source ${about}: ${missing}.`;
    },
    commands: ["explain"],
  },
  store: {
    title: "the store CANNOT BE READ",
    sentence: ({ storeUnreadSince: since = null }) =>
      since === null
        ? "The store is read again."
        : `The store was last read at ${timeText(since)}: it may have other values by now.`,
    commands: ["status", "doctor", "rollback"],
  },
  lease: {
    title: "the leading controller lost its lease",
    sentence: (_, before) =>
      before === null
        ? "This controller lost its lease, so it does not raise the percentage. Another controller may lead now."
        : `${before} did not renew its lease. Another controller leads now.`,
    commands: ["explain", "status"],
  },
};

/** Entries of the timeline that say what was done to the store. */
const DEEDS: ReadonlySet<string> = new Set(["change", "proof", "outside", "command"]);
const MOST_DEEDS = 5;

/** Says what happened, from the view in which it was found. Pure. */
export function noticeOf(
  { what, incident }: Happening,
  view: EnvironmentView,
  page: string | null,
): Notice {
  const { kind, since, about, id } = incident;
  const { title, sentence, commands } = WORDS[kind];
  const reason = view.reasons.find((each) => each.reason === kind);
  const done = view.timeline.filter((entry) => entry.at >= since && DEEDS.has(entry.kind));
  const isOver = what === "resolved";
  return {
    environment: view.name,
    incident: `${view.name}/${id}`,
    kind,
    what,
    title: `${view.name}: ${isOver ? "over: " : ""}${title}`,
    sentence: isOver ? view.sentence : (reason?.sentence ?? sentence(view, about)),
    since: timeText(since),
    at: timeText(view.at),
    state: view.state,
    pct: view.pct,
    done: done.slice(-MOST_DEEDS).map((entry) => entry.sentence),
    waitsFor: reason?.waitsFor ?? view.waitsFor,
    commands: (isOver ? (["explain"] as const) : commands).map((name) => commandText(name, view)),
    link: page === null ? null : `${page.replace(/\/+$/, "")}/#/${encodeURIComponent(view.name)}`,
  };
}

function commandText(name: Command, { name: environment, stage }: EnvironmentView): string {
  const more = name === "approve" ? ` --stage ${stage}` : "";
  return `edgezero-rollout ${name}${more} --env ${environment}`;
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
