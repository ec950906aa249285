import type { RolloutState } from "@edgezero/rollout";
import { decide, readRollout } from "@edgezero/rollout";
import type { ProbeAnswer } from "@edgezero/rollout/probe";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { probeBucket } from "../probe/buckets.ts";
import type { Sample } from "../probe/probe.ts";
import type { Claim } from "./claim.ts";
import { prove } from "./prove.ts";

const stateOf = async (pct: string): Promise<RolloutState> =>
  readRollout({ get: (key) => (key === "edgezero_enabled" ? "true" : pct) });
const STATES = { old: await stateOf("10"), other: await stateOf("5"), zero: await stateOf("0") };

const STARTED_AT = 90;
const TAKEN_AT = 100;
const CLAIM: Claim = {
  state: STATES.zero,
  since: TAKEN_AT,
  follows: { before: { kind: "epoch", epoch: STATES.old.epoch }, startedAt: STARTED_AT },
};

/** An instance, and the time at which each of its states begins. */
interface Instance {
  /** When it serves zero, or Infinity. */
  readonly zeroAt: number;
  /** When it goes back to what it served before, as one behind a stale cache would. */
  readonly backAt: number;
  readonly first: keyof typeof STATES;
  /** It answers no probe from then on. */
  readonly stoppedAt: number;
  readonly hasSecret: boolean;
}

const instance: fc.Arbitrary<Instance> = fc.record({
  zeroAt: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 91, max: 1500 }) },
    fc.constant(Infinity),
  ),
  backAt: fc.oneof(
    { weight: 15, arbitrary: fc.constant(Infinity) },
    fc.integer({ min: 200, max: 2500 }),
  ),
  first: fc.oneof(
    { weight: 15, arbitrary: fc.constant("old" as const) },
    fc.constantFrom("other" as const, "zero" as const),
  ),
  stoppedAt: fc.oneof(
    { weight: 15, arbitrary: fc.constant(Infinity) },
    fc.integer({ min: 0, max: 2500 }),
  ),
  hasSecret: fc.oneof({ weight: 30, arbitrary: fc.constant(true) }, fc.constant(false)),
});

interface Sent {
  readonly who: number;
  readonly gapMs: number;
  /** The time from sending to the decision, and from there to the answer. */
  readonly thereMs: number;
  readonly backMs: number;
}

const sent: fc.Arbitrary<Sent> = fc.record({
  who: fc.nat(),
  gapMs: fc.integer({ min: 5, max: 100 }),
  thereMs: fc.oneof({ weight: 60, arbitrary: fc.constant(1) }, fc.integer({ min: 1, max: 900 })),
  backMs: fc.oneof({ weight: 60, arbitrary: fc.constant(1) }, fc.integer({ min: 1, max: 900 })),
});

const stateAt = ({ zeroAt, backAt, first }: Instance, at: number): RolloutState =>
  at >= zeroAt && at < backAt ? STATES.zero : STATES[first];

/** What an instance says of the last change that it has seen. */
function changeOf({ zeroAt, backAt, first }: Instance, at: number): Partial<ProbeAnswer> {
  if (at < zeroAt || zeroAt >= backAt || first === "zero") return {};
  const [from, since] = at < backAt ? [STATES[first], zeroAt] : [STATES.zero, backAt];
  return { from: from.epoch, ago: Math.floor(at - since) };
}

function underWay(sample: Sample): Sample {
  return { ...sample, answeredAt: Infinity, status: null, probe: null, path: null };
}

interface Truth {
  readonly sample: Sample;
  readonly who: number;
  readonly decidedAt: number;
}

/** What a fleet answers to a series of probes. */
function answersOf(fleet: readonly Instance[], series: readonly Sent[]): Truth[] {
  let sentAt = 0;
  return series.map(({ who: index, gapMs, thereMs, backMs }, number) => {
    sentAt += gapMs;
    const who = index % fleet.length;
    const one = fleet[who] as Instance;
    const decidedAt = sentAt + thereMs;
    const bucket = probeBucket(number);
    const state = stateAt(one, decidedAt);
    const { path, reason, rolloutPct: pct } = decide(state, null, bucket);
    const base = { clientIp: "", bucket, sentAt, detail: null, date: null, isMisdated: false };
    const name = who.toString(16).padStart(16, "0");
    const { epoch } = state;
    const change = changeOf(one, decidedAt);
    const probe = { path, reason, pct, bucket, epoch, instance: name, open: null, place: null };
    const isDown = decidedAt >= one.stoppedAt;
    const sample: Sample = isDown
      ? { ...base, answeredAt: sentAt + 2000, status: null, probe: null, path: null, fault: "late" }
      : {
          ...base,
          answeredAt: decidedAt + backMs,
          path,
          fault: null,
          ...(one.hasSecret
            ? { status: 204, probe: { ...probe, ...change } }
            : { status: 200, probe: null }),
        };
    return { sample, who, decidedAt };
  });
}

/** What a proof by these answers would claim and is not so. */
function overclaims(fleet: readonly Instance[], truths: readonly Truth[]): string[] {
  const answered = truths.filter(({ sample }) => sample.probe !== null);
  const found: string[] = [];
  for (const [who, own] of Map.groupBy(answered, (truth) => truth.who)) {
    const zero = own.filter(({ decidedAt, sample }) => decidedAt >= TAKEN_AT && isZero(sample));
    if (new Set(zero.map(({ sample }) => sample.bucket)).size < 3) found.push(`${who}: buckets`);
    const last = own.toSorted((a, b) => a.decidedAt - b.decidedAt).at(-1);
    if (last === undefined || !isZero(last.sample)) found.push(`${who}: its last decision`);
  }
  if (truths.some(({ sample }) => sample.status !== null && sample.probe === null)) {
    found.push("one without a secret");
  }
  for (const who of new Set(answered.map((truth) => truth.who))) {
    if (fleet[who]?.first !== "old") found.push(`${who}: it reads another store`);
  }
  const epochs = new Set(answered.map(({ sample }) => sample.probe?.epoch));
  if (epochs.has(STATES.other.epoch)) found.push("another store");
  return found;
}

function isZero({ probe }: Sample): boolean {
  return probe?.epoch === STATES.zero.epoch;
}

const fleet = fc.array(instance, { minLength: 1, maxLength: 5 });
const series = fc.array(sent, { minLength: 10, maxLength: 150, size: "max" });
const wanted = fc.boolean();

describe("whatever a fleet does", () => {
  test("a proof is never more than was seen", () => {
    let proven = 0;
    fc.assert(
      fc.property(fleet, series, wanted, (instances, probes, isTold) => {
        const truths = answersOf(instances, probes);
        const samples = truths.map(({ sample }) => sample);
        const means = {
          isSigned: true,
          isCounted: true,
          needed: 20,
          instances: isTold ? instances.length : null,
        };
        const proof = prove(samples, CLAIM, means);
        expect(proof.findings.length > 0).toBe(!proof.isProven);
        if (proof.isProven) proven++;
        expect(proof.isProven ? overclaims(instances, truths) : []).toEqual([]);
        const seen = new Set(truths.flatMap(({ sample, who }) => (sample.probe ? [who] : [])));
        expect(proof.isProven && isTold && seen.size < instances.length).toBe(false);
      }),
      { numRuns: 3000 },
    );
    // The property must not hold for want of proofs.

    expect(proven).toBeGreaterThan(50);
  });

  test("more probes under way prove nothing more", () => {
    fc.assert(
      fc.property(fleet, series, (instances, probes) => {
        const samples = answersOf(instances, probes).map(({ sample }) => sample);
        const means = { isSigned: true, isCounted: true, needed: 20, instances: null };
        const pending = samples.map((sample, i) => (i % 7 === 3 ? underWay(sample) : sample));
        const more = prove(pending, CLAIM, means);
        // Of what was sent after the first of them, only what speaks against it counts.
        expect(more.isProven).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test("a healthy fleet is proven", () => {
    const healthy = fc.array(fc.integer({ min: 95, max: 900 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(healthy, (times) => {
        const instances = times.map((zeroAt) => ({
          zeroAt,
          backAt: Infinity,
          first: "old" as const,
          stoppedAt: Infinity,
          hasSecret: true,
        }));
        const probes = Array.from({ length: 80 }, (_, who) => ({
          who,
          gapMs: 50,
          thereMs: 1,
          backMs: 1,
        }));
        const samples = answersOf(instances, probes).map(({ sample }) => sample);
        const means = { isSigned: true, isCounted: true, needed: 20, instances: null };
        expect(prove(samples, CLAIM, means).findings).toEqual([]);
        expect(prove(samples, CLAIM, { ...means, instances: times.length }).isProven).toBe(true);
        expect(prove(samples, CLAIM, { ...means, instances: times.length + 1 }).isProven).toBe(
          false,
        );
      }),
      { numRuns: 200 },
    );
  });
});
