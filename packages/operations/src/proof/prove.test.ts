import type { RolloutState } from "@edgezero/rollout";
import { decide, readRollout } from "@edgezero/rollout";
import type { DecisionDetail } from "@edgezero/rollout/attribution";
import type { ProbeAnswer } from "@edgezero/rollout/probe";
import { describe, expect, test } from "vitest";
import { probeBucket } from "../probe/buckets.ts";
import type { Sample } from "../probe/probe.ts";
import type { Claim, ProofMeans } from "./claim.ts";
import { prove } from "./prove.ts";

const stateOf = async (pct: string, flag = "true"): Promise<RolloutState> =>
  readRollout({ get: (key) => (key === "edgezero_enabled" ? flag : pct) });

const at10 = await stateOf("10");
const at5 = await stateOf("5");
const at0 = await stateOf("0");

const TAKEN_AT = 100;
const CLAIM: Claim = {
  state: at0,
  since: TAKEN_AT,
  follows: { before: { kind: "epoch", epoch: at10.epoch }, startedAt: 90 },
};
const MEANS: ProofMeans = { isSigned: true, instances: null, isCounted: true, needed: 20 };
const ALL = { instances: 1 } as const;

const names = new Map<string, string>();
const nameOf = (who: string): string => {
  if (!names.has(who)) names.set(who, (names.size + 1).toString(16).padStart(16, "0"));
  return names.get(who) ?? "";
};

interface Said {
  readonly state?: RolloutState;
  readonly who?: string;
  readonly sentAt: number;
  readonly answeredAt?: number;
  readonly bucket?: number;
  readonly answer?: Partial<ProbeAnswer>;
}

/** An answer to a signed probe. */
function said({ state = at0, who = "a", sentAt, bucket = 50, answer, ...rest }: Said): Sample {
  const { path, reason, rolloutPct } = decide(state, null, bucket);
  const instance = nameOf(who);
  const answeredAt = rest.answeredAt ?? sentAt + 2;
  const probe = { path, reason, pct: rolloutPct, bucket, epoch: state.epoch, instance };
  return {
    clientIp: "",
    bucket,
    sentAt,
    answeredAt,
    status: 204,
    isMisdated: false,
    path,
    detail: null,
    date: null,
    fault: null,
    probe: { ...probe, open: null, place: null, ...answer },
  };
}

/** A response that is no probe answer, or no response. */
function stray(sentAt: number, parts: Partial<Sample> = {}): Sample {
  const path = "legacy";
  return { ...said({ sentAt }), status: 200, probe: null, path, ...parts };
}

/** The sample with other parts in its answer. */
function answering(sample: Sample, parts: Partial<ProbeAnswer>): Sample {
  return { ...sample, probe: sample.probe && { ...sample.probe, ...parts } };
}

function detailing(sample: Sample, parts: Partial<DecisionDetail> | null): Sample {
  const detail = parts === null ? null : sample.detail && { ...sample.detail, ...parts };
  return { ...sample, detail };
}

const unanswered = (sentAt: number): Sample =>
  stray(sentAt, { status: null, path: null, fault: "no response in 2000 ms" });

/** `count` probes from `start` on, 50 ms apart, dealt to the instances in turn. */
function row(start: number, count: number, parts: Partial<Said> = {}, whos = ["a"]): Sample[] {
  return Array.from({ length: count }, (_, i) =>
    said({
      sentAt: start + 50 * i,
      bucket: probeBucket(i),
      who: whos[i % whos.length] ?? "",
      ...parts,
    }),
  );
}

const before = (whos = ["a"]): Sample[] => row(0, whos.length, { state: at10, sentAt: 10 }, whos);
const FOUR = ["a", "b", "c", "d"];

interface Case {
  readonly name: string;
  readonly samples: readonly Sample[];
  readonly claim?: Partial<Claim>;
  readonly means?: Partial<ProofMeans>;
  /** The reasons in their order; empty: proven. */
  readonly kinds: readonly string[];
}

const follows = (epoch: string): Claim["follows"] => ({
  before: { kind: "epoch", epoch },
  startedAt: 90,
});

const worker = (number: number): Partial<ProbeAnswer> => ({
  worker: `00000000000000ff-${number}-2`,
});
/** The probes of a row, dealt to two workers of one gateway. */
const ofWorkers = (samples: readonly Sample[]): Sample[] =>
  samples.map((sample, index) => answering(sample, worker(1 + (index % 2))));

const CASES: readonly Case[] = [
  {
    name: "both workers of a gateway",
    samples: [...ofWorkers(before(["a", "b"])), ...ofWorkers(row(110, 40, {}, ["a", "b"]))],
    kinds: [],
  },
  {
    name: "one of two workers, however often it answers, without a number of instances",
    samples: [...before(), ...row(110, 60)].map((sample) => answering(sample, worker(1))),
    kinds: ["workers-missing"],
  },
  {
    name: "a worker that answered before the write and no more",
    samples: [...ofWorkers(before(["a", "b"])), ...row(110, 60)].map((sample, i) =>
      i < 2 ? sample : answering(sample, worker(1)),
    ),
    kinds: ["unseen-since", "workers-missing"],
  },
  {
    name: "both workers of a gateway that was started again in between",
    samples: [
      // Of the earlier one only one worker was asked by then.
      ...row(110, 4).map((sample) => answering(sample, worker(1))),
      ...row(500, 80, {}, ["c", "d"]).map((sample, i) =>
        answering(sample, { worker: `00000000000000aa-${1 + (i % 2)}-2` }),
      ),
    ],
    claim: { follows: null },
    kinds: [],
  },
  { name: "one instance, seen to change", samples: [...before(), ...row(110, 21)], kinds: [] },
  {
    name: "one instance of one, in three buckets",
    samples: [...before(), ...row(110, 4)],
    means: ALL,
    kinds: [],
  },
  {
    name: "four of four",
    samples: [...before(FOUR), ...row(110, 40, {}, FOUR)],
    means: { instances: 4 },
    kinds: [],
  },
  {
    name: "answers from before the write",
    samples: [...before(), ...row(50, 21, { sentAt: 95, answeredAt: 200 })],
    means: ALL,
    kinds: ["not-settled"],
  },
  {
    name: "two buckets, of which one is asked again and again",
    samples: [...before(), ...row(110, 30, { bucket: 3 }), said({ sentAt: 5000, bucket: 99 })],
    kinds: ["not-settled"],
  },
  {
    name: "an old answer that comes late, of a probe that was sent early",
    samples: [...before(), said({ sentAt: 105, answeredAt: 3000, state: at10 }), ...row(110, 21)],
    kinds: ["old-values"],
  },
  {
    name: "the same, and a row of right ones after it",
    samples: [...before(), said({ sentAt: 105, answeredAt: 3000, state: at10 }), ...row(3000, 21)],
    kinds: [],
  },
  {
    name: "an instance that appears at the end of the row",
    samples: [...before(), ...row(110, 21), ...row(2000, 3, { who: "b" })],
    kinds: ["not-settled", "change-unseen"],
  },
  {
    name: "an instance that appears with other values after all have settled",
    samples: [...before(), ...row(110, 21), said({ sentAt: 2000, who: "b", state: at10 })],
    kinds: ["old-values"],
  },
  {
    name: "one of four stays on other values",
    samples: [
      ...before(FOUR),
      ...row(110, 60, {}, ["a", "b", "c"]),
      said({ sentAt: 200, who: "d", state: at10 }),
    ],
    means: { instances: 4 },
    kinds: ["old-values"],
  },
  {
    name: "three of four answer, and the fourth hangs",
    samples: [...before(["a", "b", "c"]), ...row(110, 60, {}, ["a", "b", "c"]), unanswered(120)],
    means: { instances: 4 },
    kinds: ["instances-missing"],
  },
  {
    name: "some hang, without a number of instances",
    samples: [
      ...before(),
      ...row(110, 60).flatMap((sample, i) => (i % 4 ? [sample] : [unanswered(sample.sentAt)])),
    ],
    kinds: ["probes-unanswered"],
  },
  {
    name: "some are still under way",
    samples: [
      ...before(),
      ...row(110, 10),
      { ...unanswered(400), answeredAt: Infinity },
      ...row(600, 40),
    ],
    kinds: ["not-settled"],
  },
  {
    name: "an instance that is first seen after the write, and was not seen to follow",
    samples: [...before(["a", "b", "c"]), ...row(110, 60, {}, FOUR)],
    kinds: ["change-unseen"],
  },
  {
    name: "the same, of four",
    samples: [...before(["a", "b", "c"]), ...row(110, 60, {}, FOUR)],
    means: { instances: 4 },
    kinds: ["change-unseen"],
  },
  {
    name: "instances that tell of the change",
    samples: row(110, 60, { answer: { from: at10.epoch, ago: 5 } }, FOUR),
    means: { instances: 4 },
    kinds: [],
  },
  {
    name: "an instance that changed before the write",
    samples: [...before(), ...row(110, 60, { answer: { from: at10.epoch, ago: 9000 } }, FOUR)],
    kinds: ["change-unseen"],
  },
  {
    name: "an instance that changed from other values",
    samples: [...before(), ...row(110, 60, { answer: { from: at5.epoch, ago: 5 } }, FOUR)],
    kinds: ["change-unseen"],
  },
  {
    name: "an instance that has not answered since the write",
    samples: [...before(["a", "b"]), ...row(110, 60)],
    kinds: ["unseen-since"],
  },
  {
    name: "four names of four, of which one is of a process that was started again",
    samples: [
      ...before(FOUR.slice(0, 3)),
      ...row(110, 12, {}, FOUR.slice(0, 3)),
      ...row(800, 40, { answer: { from: at10.epoch, ago: 700 } }, ["a", "b", "d"]),
      unanswered(3000),
    ],
    means: { instances: 4 },
    kinds: ["probes-unanswered"],
  },
  {
    name: "one instance of several whose clock is off",
    samples: [
      ...before(FOUR),
      ...row(110, 60, {}, FOUR).map((sample, i) =>
        i % 5 === 4 ? stray(sample.sentAt, { isMisdated: true, date: 0 }) : sample,
      ),
    ],
    kinds: ["not-settled"],
  },
  {
    name: "five of four",
    samples: [...before([...FOUR, "e"]), ...row(110, 60, {}, [...FOUR, "e"])],
    means: { instances: 4 },
    kinds: ["instances-too-many"],
  },
  {
    name: "a gateway that serves another store",
    samples: [...row(0, 2, { state: at5, sentAt: 10 }), ...row(110, 21, { state: at5 })],
    kinds: ["other-store"],
  },
  {
    name: "a gateway that goes on serving the values before",
    samples: [...before(), ...row(110, 21, { state: at10 })],
    kinds: ["old-values"],
  },
  {
    name: "a gateway whose other store comes to the same values",
    samples: [...row(0, 2, { state: at5, sentAt: 10 }), ...row(110, 21)],
    kinds: ["served-other-values"],
  },
  {
    name: "a gateway that served the new values before they were written",
    samples: [...row(0, 2, { sentAt: 10 }), ...before(["b"]), ...row(110, 40, {}, ["a", "b"])],
    kinds: ["served-other-values"],
  },
  {
    name: "a store that was at zero before",
    samples: [...row(0, 2, { sentAt: 10 }), ...row(110, 21)],
    claim: { follows: follows(at0.epoch) },
    kinds: ["not-changed"],
  },
  {
    name: "a gateway that was seen with the new values alone",
    samples: row(110, 22),
    kinds: ["change-unseen"],
  },
  {
    name: "values before that could not be read",
    samples: [...before(), ...row(110, 21)],
    claim: { follows: { before: { kind: "unknown" }, startedAt: 90 } },
    kinds: ["before-unknown"],
  },
  {
    name: "the new values, but EdgeZero",
    samples: [...before(), ...row(110, 21, { answer: { path: "edgezero" } })],
    kinds: ["wrong-path"],
  },
  {
    name: "a gateway without a secret",
    samples: [1, 2, 3].map((at) => stray(at)),
    kinds: ["no-probe-answers"],
  },
  {
    name: "one instance of several without a secret",
    samples: [...before(), stray(105), ...row(110, 21)],
    kinds: ["no-probe-answers"],
  },
  {
    name: "a balancer's own fault, and a row after it",
    samples: [...before(), stray(105, { status: 503, path: null }), ...row(110, 21)],
    kinds: [],
  },
  {
    name: "tokens that were dated wrongly at first",
    samples: [
      stray(5, { isMisdated: true }),
      ...before(),
      stray(9, { isMisdated: true }),
      ...row(110, 21),
    ],
    kinds: [],
  },
  {
    name: "clocks that never agree",
    samples: [
      ...before(),
      ...row(110, 21).map(({ sentAt }) => stray(sentAt, { isMisdated: true, date: 0 })),
    ],
    kinds: ["clock-skew", "unseen-since"],
  },
  {
    name: "a gateway that cannot read its store",
    samples: [
      ...before(),
      ...row(110, 21, { answer: { epoch: "abc", reason: "store-unavailable" } }),
    ],
    kinds: ["store-unread"],
  },
  { name: "nothing at all", samples: [unanswered(1)], kinds: ["no-answer"] },
];

describe("a gateway", () => {
  test.each(CASES)("$name", ({ samples, claim, means, kinds }) => {
    const proof = prove(samples, { ...CLAIM, ...claim }, { ...MEANS, ...means });
    expect(proof.findings.map(({ kind }) => kind)).toEqual(kinds);
    expect(proof.isProven).toBe(kinds.length === 0);
    for (const { message, todo } of proof.findings)
      expect(`${message} ${todo}`).not.toMatch(/undefined|NaN/);
  });

  test("that reads another store is told so by the epoch that it serves", () => {
    const samples = [...row(0, 2, { state: at5, sentAt: 10 }), ...row(110, 21, { state: at5 })];
    const { findings, epoch } = prove(samples, CLAIM, MEANS);
    expect(findings[0]?.message).toBe(
      `this gateway reads another store: it serves epoch ${at5.epoch}`,
    );
    expect(epoch).toBe(at5.epoch);
  });

  test("says how many instances it has, and how much is open in all of them", () => {
    const samples = row(110, 8, {}, FOUR).map((sample, i) => answering(sample, { open: i }));
    expect(prove(samples, CLAIM, MEANS)).toMatchObject({ instances: 4, open: 4 + 5 + 6 + 7 });
  });

  test("whose isolates cannot be counted is told by places", () => {
    const places = ["FRA", "CDG"];
    const samples = [...before(), ...row(110, 60)].map((sample, i) =>
      answering(sample, {
        instance: i.toString(16).padStart(16, "0"),
        place: places[i % 2] ?? null,
      }),
    );
    const means = { ...MEANS, isCounted: false };
    expect(prove(samples, CLAIM, means)).toMatchObject({
      isProven: true,
      instances: null,
      places: ["CDG", "FRA"],
    });
    expect(prove(samples, CLAIM, MEANS).isProven).toBe(false);
  });

  test("three strays end it, and two do not", () => {
    const strays = [1, 2, 3].map((at) => stray(at));
    expect(prove(strays, CLAIM, MEANS).isOver).toBe(true);
    expect(prove(strays.slice(1), CLAIM, MEANS).isOver).toBe(false);
  });
});

/** An ordinary response of a gateway with `ATTRIBUTION=detail`. */
function ordinary(sample: Sample, bucket: number | null = sample.bucket): Sample {
  const { probe } = sample;
  if (probe === null) return sample;
  const { epoch, pct, reason } = probe;
  const named = reason === "bucket" ? bucket : null;
  return { ...sample, probe: null, status: 200, detail: { reason, pct, bucket: named, epoch } };
}

describe("a gateway without signed probes", () => {
  const detailed: ProofMeans = { ...MEANS, isSigned: false };
  const early = row(0, 4, { state: at10 }).map((sample) => ordinary(sample));
  const late = row(160, 21).map((sample) => ordinary(sample));

  test.each([
    { name: "by detail, for distinct buckets", samples: [...early, ...late], kinds: [] },
    {
      name: "by detail, for one client",
      samples: [...early.map((each) => detailing(each, { bucket: 61 })), ...late],
      kinds: ["one-client"],
    },
    {
      name: "by detail, with no bucket ever named",
      samples: [...row(0, 4, { state: at0 }).map((each) => ordinary(each)), ...late],
      kinds: ["one-client", "served-other-values"],
    },
    {
      name: "by paths alone",
      samples: [...early, ...late].map((each) => detailing(each, null)),
      kinds: ["not-detailed"],
    },
    {
      name: "by paths alone in a single answer",
      samples: [...early, ...late.with(3, { ...ordinary(said({ sentAt: 310 })), detail: null })],
      kinds: ["not-detailed"],
    },
  ])("$name", ({ samples, kinds }) => {
    const { findings } = prove(samples, CLAIM, detailed);
    expect(findings.map(({ kind }) => kind)).toEqual(kinds);
  });

  test("cannot show a number of instances", () => {
    const { findings } = prove([...early, ...late], CLAIM, { ...detailed, instances: 1 });
    expect(findings.map(({ kind }) => kind)).toEqual(["instances-uncounted"]);
  });
});
