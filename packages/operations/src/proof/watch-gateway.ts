import { setTimeout as sleep } from "node:timers/promises";
import { probeBucket } from "../probe/buckets.ts";
import { pauseMs } from "../probe/pace.ts";
import type { Sample } from "../probe/probe.ts";
import { pendingSample, probe, signedProbe } from "../probe/probe.ts";
import { clientsByBucket } from "../probe/synthetic-clients.ts";
import type { Claim, ProofMeans } from "./claim.ts";
import { proofFinding } from "./finding.ts";
import type { Proof } from "./prove.ts";
import { prove, unproven } from "./prove.ts";
import { isStray, MOST_STRAYS } from "./signed-findings.ts";
import type { WatchCounts } from "./watch-counts.ts";
import { countsOf } from "./watch-counts.ts";

/** Probes of one gateway that may be under way at the same time. */
const MOST_PENDING = 40;

/** One gateway: the verdict, and what became of the probes. */
export interface GatewayProof extends Proof, WatchCounts {
  readonly url: string;
}

/** Settings of {@link watchGateway}. */
export interface WatchOptions {
  readonly url: string;
  /** Signs the probes; `null` where they are ordinary requests. */
  readonly secret: string | null;
  readonly means: Omit<ProofMeans, "isSigned">;
  /** What must be seen, once that is known; `null`: there is nothing to be seen any more. */
  readonly claim: Promise<Claim | null>;
  /** Ends the watch; what it has seen is judged. */
  readonly signal: AbortSignal;
  /** Called once the first probe was answered, or was given up. */
  readonly onFirst?: (() => void) | undefined;
  /** Hears of the verdict so far, after each answer. */
  readonly onProof?: ((proof: Proof) => void) | undefined;
}

/** Probes a gateway until the claim is proven, or cannot be. Never rejects. */
export async function watchGateway(options: WatchOptions): Promise<GatewayProof> {
  const { url, secret, signal, onProof } = options;
  const means: ProofMeans = { ...options.means, isSigned: secret !== null };
  const samples: Sample[] = [];
  let pending = 0;
  const done = new AbortController();
  const ended = AbortSignal.any([signal, done.signal]);
  let claim: Claim | null = null;
  const learn = async (): Promise<void> => {
    claim = await options.claim;
    if (claim === null) done.abort();
    else judge();
  };
  const judge = (): void => {
    if (claim === null) return;
    const proof = prove(samples, claim, means);
    onProof?.(proof);
    if (proof.isOver) done.abort();
  };
  void learn();
  const send = asker(url, secret);

  async function ask(number: number): Promise<void> {
    samples.push(pendingSample(probeBucket(number), performance.now()));
    const sample = await send(number, ended);
    pending--;
    options.onFirst?.();
    // A probe that was cut off has shown nothing.
    if (ended.aborted && sample.status === null) return;
    samples[number] = sample;
    judge();
  }

  /** Whether it may be that nothing there answers probes: then no more than three may be sent. */
  const isDoubtful = (): boolean =>
    means.isSigned &&
    !samples.some((sample) => sample.probe !== null) &&
    pending + samples.filter(isStray).length >= MOST_STRAYS;
  const sentAt: number[] = [];
  while (!ended.aborted) {
    const { since = null } = (claim as Claim | null) ?? {};
    const pause = pauseMs(sentAt, since, performance.now());
    if (pause > 0 || pending >= MOST_PENDING || isDoubtful()) {
      await sleep(Math.max(1, Math.min(pause, 25)), null, { signal: ended }).catch(() => {});
      continue;
    }
    pending++;
    sentAt.push(performance.now());
    void ask(sentAt.length - 1);
  }
  const seen = samples.filter(({ answeredAt }) => answeredAt < Infinity);
  const proof =
    claim === null
      ? unproven(seen, proofFinding("not-written", {}), means)
      : prove(samples, claim, means);
  return { url, ...proof, ...countsOf(seen, claim, means) };
}

/** Sends the probe of a number. Signed ones are dated by the gateway's own clock. */
function asker(
  url: string,
  secret: string | null,
): (number: number, signal: AbortSignal) => Promise<Sample> {
  if (secret === null) {
    const clientOf = clientsByBucket();
    return async (number, signal) => probe(url, clientOf(probeBucket(number)), signal);
  }
  let skewMs = 0;
  return async (number, signal) => {
    const sample = await signedProbe({ url, secret, bucket: probeBucket(number), skewMs, signal });
    // The header has whole seconds.
    if (sample.date !== null) skewMs = sample.date + 500 - Date.now();
    return sample;
  };
}
