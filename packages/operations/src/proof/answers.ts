import type { RolloutPath, RolloutState } from "@edgezero/rollout";
import { decide, REASONS } from "@edgezero/rollout";
import type { Sample } from "../probe/probe.ts";
import type { ProofMeans } from "./claim.ts";

/** A response that says by which values a gateway decided. Times are of `performance.now()`. */
export interface Answer {
  readonly sentAt: number;
  readonly answeredAt: number;
  /** Who answered: an instance, or a place where instances cannot be counted. */
  readonly who: string;
  readonly epoch: string;
  readonly path: RolloutPath;
  readonly reason: string | null;
  /** The bucket that it decided about. */
  readonly bucket: number;
  /** The change to this epoch, where the gateway tells of it. */
  readonly change: {
    /** The epoch before. */
    readonly from: string;
    /** The latest time at which it may have been. */
    readonly until: number;
  } | null;
}

/** The answer in a sample; `null` where it does not say by which values it was decided. */
export function answerIn(sample: Sample, { isSigned, isCounted }: ProofMeans): Answer | null {
  const { sentAt, answeredAt, bucket, probe, path, detail } = sample;
  if (isSigned) {
    if (probe === null) return null;
    const who = isCounted ? probe.instance : (probe.place ?? "");
    const { epoch, reason, from = null, ago = null } = probe;
    const change = from === null || ago === null ? null : { from, until: answeredAt - ago };
    return { sentAt, answeredAt, who, epoch, path: probe.path, reason, bucket, change };
  }
  if (path === null || !detail?.epoch) return null;
  const { epoch, reason } = detail;
  const decided = { path, reason, bucket: detail.bucket ?? bucket, change: null };
  return { sentAt, answeredAt, who: "", epoch, ...decided };
}

/** Whether an answer is by the state's values, and leads where they lead. */
export function isRight({ epoch, path, bucket }: Answer, state: RolloutState): boolean {
  return epoch === state.epoch && path === decide(state, null, bucket).path;
}

/** Whether an answer says that the gateway could not read its store. */
export function isUnread({ reason }: Answer): boolean {
  if (reason === null || !Object.hasOwn(REASONS, reason)) return false;
  return REASONS[reason as keyof typeof REASONS].wasRead === false;
}

/** Why the last probe that ended was not answered; while no probe has ended, that no answer came yet. */
export function lastFault(samples: readonly Sample[]): string {
  const faulty = samples.filter(({ fault }) => fault !== null);
  const ended = faulty.findLast(({ answeredAt }) => answeredAt < Infinity);
  return (ended ?? faulty.at(-1))?.fault ?? "no probe was sent";
}
