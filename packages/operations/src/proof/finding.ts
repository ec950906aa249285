/** The facts of each reason why a gateway is not proven. */
export interface ProofFacts {
  readonly "secret-unusable": { readonly fault: string };
  readonly stopped: object;
  readonly "not-written": object;
  readonly "no-probe-answers": { readonly count: number; readonly isMixed: boolean };
  readonly "clock-skew": { readonly seconds: number };
  readonly "no-answer": { readonly fault: string };
  readonly "store-unread": { readonly reason: string };
  readonly "other-store": { readonly epoch: string };
  readonly "served-other-values": { readonly epoch: string };
  readonly "store-unknown": { readonly epoch: string };
  readonly "other-values": { readonly epoch: string; readonly wanted: string };
  readonly "old-values": { readonly epoch: string; readonly behind: number; readonly seen: number };
  readonly "unseen-since": {
    readonly epoch: string;
    readonly behind: number;
    readonly seen: number;
  };
  readonly "wrong-path": { readonly path: string; readonly bucket: number };
  readonly "instances-missing": { readonly seen: number; readonly wanted: number };
  readonly "instances-too-many": { readonly seen: number; readonly wanted: number };
  readonly "instances-uncounted": { readonly wanted: number };
  readonly "workers-missing": { readonly seen: number; readonly wanted: number };
  readonly "probes-unanswered": { readonly count: number; readonly fault: string };
  readonly "not-settled": { readonly seen: number };
  readonly "not-detailed": object;
  readonly "one-client": { readonly bucket: number | null };
  readonly "not-changed": object;
  readonly "before-unknown": object;
  readonly "change-unseen": { readonly unseen: number; readonly seen: number };
}

/** The kind of a {@link ProofFinding}. */
export type ProofFindingKind = keyof ProofFacts;

/** A reason why a gateway is not proven. */
export interface ProofFinding {
  readonly kind: ProofFindingKind;
  /** The reason, in a sentence without a full stop. */
  readonly message: string;
  /** What to do about it, as a sentence. */
  readonly todo: string;
}

interface Words<Facts> {
  readonly message: (facts: Facts) => string;
  readonly todo: string;
}

const SET_SECRET =
  "Set PROBE_SECRET there, and the same in EDGEZERO_PROBE_SECRET here, then look again.";
const LOOK = "See that it reads this store, and look again with `status --url`.";

/** Each reason in words. */
const WORDS: { readonly [Kind in ProofFindingKind]: Words<ProofFacts[Kind]> } = {
  "secret-unusable": {
    message: ({ fault }) => `no probe could be signed: ${fault}`,
    todo: "Set it to the gateways' PROBE_SECRET, of at least 32 characters.",
  },
  stopped: {
    message: () => "stopped before it was proven, so what it serves is not known",
    todo: "Look with `status --url`.",
  },
  "not-written": {
    message: () => "the store was not seen to hold the new values",
    todo: "Run it again.",
  },
  "no-probe-answers": {
    message: ({ count, isMixed }) =>
      isMixed
        ? `${count} of its answers were ordinary responses: an instance of it has no PROBE_SECRET, or a different one`
        : "this gateway does not answer signed probes: PROBE_SECRET is not set there, or is another",
    // Where it is set, a clock can be off in a way that no answer shows: an origin's response has the
    // origin's time.
    todo: `${SET_SECRET} Where both are the same, set the clock of its machine.`,
  },
  "clock-skew": {
    message: ({ seconds }) =>
      `the times in its answers differ (the last is ${seconds} s off this machine), so its instances reject signed probes`,
    todo: "Set the clocks of its machines.",
  },
  "no-answer": {
    message: ({ fault }) => `it did not answer: ${fault}`,
    todo: "See that it runs, and that the url is a gateway's.",
  },
  "store-unread": {
    message: ({ reason }) => `it cannot read its store (${reason})`,
    todo: "See its log, and let it read this store.",
  },
  "other-store": {
    message: ({ epoch }) => `this gateway reads another store: it serves epoch ${epoch}`,
    todo: "Give --store the store that it reads, or let it read this one.",
  },
  "served-other-values": {
    message: ({ epoch }) =>
      `earlier it served epoch ${epoch}, which this store did not hold then: it was late, or it reads another store`,
    todo: LOOK,
  },
  "store-unknown": {
    message: ({ epoch }) =>
      `it serves epoch ${epoch}; the store could not be read, so nobody can say whether that is right`,
    todo: "Let this machine read the store, and look again.",
  },
  "other-values": {
    message: ({ epoch, wanted }) => `it serves other values: epoch ${epoch}, not ${wanted}`,
    todo: LOOK,
  },
  "old-values": {
    message: ({ epoch, behind, seen }) =>
      behind < seen
        ? `${behind} of the ${seen} instances seen still serve other values: epoch ${epoch}`
        : `it has not read the new values yet, or this gateway reads another store: it serves epoch ${epoch}, that of the old values`,
    todo: LOOK,
  },
  "unseen-since": {
    message: ({ epoch, behind, seen }) =>
      behind < seen
        ? `${behind} of the ${seen} instances seen have not answered since the write: they were stopped or started again, or cannot be reached`
        : `it has not answered since the write; before, it served epoch ${epoch}`,
    todo: LOOK,
  },
  "wrong-path": {
    message: ({ path, bucket }) => `it sends bucket ${bucket} to ${path} all the same`,
    todo: "See its log: the values are right, and the path is not.",
  },
  "instances-missing": {
    message: ({ seen, wanted }) => `${seen} of ${wanted} instances answered`,
    todo: "See that all of them run, or give --instances the right number.",
  },
  "instances-too-many": {
    message: ({ seen, wanted }) => `${seen} instances answered, not ${wanted}`,
    todo: "Give --instances the right number; one that was started again counts twice.",
  },
  "instances-uncounted": {
    message: ({ wanted }) =>
      `cannot tell without signed probes whether ${wanted} instances answered`,
    todo: SET_SECRET,
  },
  "workers-missing": {
    message: ({ seen, wanted }) => `${seen} of the ${wanted} workers of a gateway answered`,
    todo: "See in its log whether a worker hangs or ends again and again, and look again with `status --url`.",
  },
  "probes-unanswered": {
    message: ({ count, fault }) => `${count} probes were not answered (${fault})`,
    todo: "See that each instance behind the url runs.",
  },
  "not-settled": {
    // Shown while probes go on, too.
    message: ({ seen }) => `not every instance has answered often enough yet (${seen} seen so far)`,
    todo: "Look again, or give `rollback` or `set` more time by --timeout.",
  },
  "not-detailed": {
    message: () =>
      "cannot tell which values this gateway uses: not every answer names them, and all probes may have counted as one client that was on legacy already",
    todo: SET_SECRET,
  },
  "one-client": {
    message: ({ bucket }) =>
      bucket === null
        ? "nothing shows that the probes were more than one client"
        : `all probes were one client, of bucket ${bucket}`,
    todo: SET_SECRET,
  },
  "not-changed": {
    message: () =>
      "it serves what the store holds, but the store held the same before the write: this does not show that it reads this store",
    todo: "Compare the store that it is set to with this one.",
  },
  "before-unknown": {
    message: () =>
      "it serves the new values, but the values before the write could not be read in time: this does not show that it reads this store",
    todo: "Compare the store that it is set to with this one.",
  },
  "change-unseen": {
    message: ({ unseen, seen }) =>
      unseen < seen
        ? `${unseen} of the ${seen} instances seen serve the new values, but already did in their first answer: this does not show that they read this store`
        : "it serves the new values, but already did in its first answer: this does not show that it reads this store",
    todo: "Compare the store that each instance is set to with this one; one that was started since the write has seen no change.",
  },
};

/** A finding of a kind, by its facts. */
export function proofFinding<Kind extends ProofFindingKind>(
  kind: Kind,
  facts: ProofFacts[Kind],
): ProofFinding {
  const { message, todo }: Words<ProofFacts[Kind]> = WORDS[kind];
  return { kind, message: message(facts), todo };
}
