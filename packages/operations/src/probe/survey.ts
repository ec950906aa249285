import { clientBucket, decide } from "@edgezero/rollout";
import type { Reading } from "../reading.ts";
import { clockSkewOf } from "./clock-skew.ts";
import type { Sample } from "./probe.ts";
import { probe } from "./probe.ts";
import { spreadClients } from "./synthetic-clients.ts";

const CONCURRENCY = 8;

/** Whether a gateway trusts the addresses that probes claim in `X-Forwarded-For`. */
export type Honoured =
  /** Each probe is a client of its own. */
  | "yes"
  /** All probes are one client: this machine. */
  | "no"
  /** The answers do not tell. */
  | "unknown";

/** The result of one round of probes to a gateway. */
export interface Survey {
  readonly url: string;
  readonly probes: number;
  readonly edgezero: number;
  readonly legacy: number;
  /** Probes without a response of a gateway. */
  readonly failed: number;
  /** Why the first of them failed; `null` where no probe failed. */
  readonly fault: string | null;
  readonly forwardedForHonoured: Honoured;
  /** This machine's bucket, where all probes are one client and the gateway names its bucket; or `null`. */
  readonly ownBucket: number | null;
  /** The share on EdgeZero, 0 to 100; `null` where it cannot be measured from here. */
  readonly sharePct: number | null;
  /** The number of responses with each epoch; empty where the gateway does not send it. */
  readonly epochs: Readonly<Record<string, number>>;
  /** Whether it serves the configured values; `null` where the answers do not tell. */
  readonly agrees: boolean | null;
  /** The evidence for `agrees`. */
  readonly judgedBy: "epoch" | "path" | "nothing";
  /** The gateway's clock less this machine's, in seconds; `null` where they differ by at most 2. */
  readonly clockSkewS: number | null;
}

/** Sends `count` probes, as one client of each bucket in turn, and judges the answers. Never rejects. */
export async function survey(url: string, count: number, reading: Reading): Promise<Survey> {
  const clients = spreadClients(count);
  const samples: Sample[] = [];
  const work = async (): Promise<void> => {
    for (let next = clients.pop(); next !== undefined; next = clients.pop()) {
      samples.push(await probe(url, next));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return judge(url, samples, reading, Date.now() - performance.now());
}

/**
 * Judges a round of probes. Pure.
 *
 * @param origin The wall clock at 0 of `performance.now()`, in milliseconds of the epoch.
 */
export function judge(
  url: string,
  samples: readonly Sample[],
  { state }: Reading,
  origin: number,
): Survey {
  const answered = samples.filter(({ path }) => path !== null);
  const edgezero = answered.filter(({ path }) => path === "edgezero").length;
  const legacy = answered.length - edgezero;
  const failed = samples.length - answered.length;
  const fault = samples.find((sample) => sample.fault !== null)?.fault ?? null;
  const honoured = honouredBy(answered);
  const isExpected = ({ path, clientIp }: Sample): boolean => path === decide(state, clientIp).path;
  const isMixed = state.reason === "bucket";

  const epochs: Record<string, number> = {};
  for (const { detail } of answered) {
    if (detail?.epoch) epochs[detail.epoch] = (epochs[detail.epoch] ?? 0) + 1;
  }
  const told = Object.values(epochs).reduce((sum, each) => sum + each, 0);
  const byEpoch = answered.length > 0 && told === answered.length;
  const ownBucket = honoured === "no" ? (answered[0]?.detail?.bucket ?? null) : null;

  let agrees: boolean | null = null;
  let judgedBy: Survey["judgedBy"] = "nothing";
  if (byEpoch) {
    judgedBy = "epoch";
    agrees = epochs[state.epoch] === answered.length;
  } else if (answered.length > 0 && (!isMixed || honoured === "yes")) {
    judgedBy = "path";
    agrees = answered.every(isExpected);
  } else if (isMixed && edgezero > 0 && legacy > 0) {
    // One client alone would have only one path; these are several, so their paths can be judged.
    judgedBy = "path";
    agrees = answered.every(isExpected);
  }
  // A process that does not answer may serve anything.
  if (agrees === true && failed > 0) agrees = null;
  const sharePct =
    answered.length === 0 ||
    (isMixed && honoured !== "yes") ||
    (edgezero > 0 && legacy > 0 && honoured === "no")
      ? null
      : (100 * edgezero) / answered.length;
  return {
    url,
    probes: samples.length,
    edgezero,
    legacy,
    failed,
    fault,
    forwardedForHonoured: honoured,
    ownBucket,
    sharePct,
    epochs,
    agrees,
    judgedBy,
    clockSkewS: clockSkewOf(answered, origin),
  };
}

/** Judges by the buckets that the gateway names, else by paths that differ in the order of buckets. */
function honouredBy(answered: readonly Sample[]): Honoured {
  const named = answered.filter(({ detail }) => detail?.bucket !== null && detail !== null);
  if (named.length > 1) {
    return named.every(({ detail, clientIp }) => detail?.bucket === clientBucket(clientIp))
      ? "yes"
      : "no";
  }
  const buckets = (path: string): number[] =>
    answered.filter((sample) => sample.path === path).map(({ clientIp }) => clientBucket(clientIp));
  const [edgezero, legacy] = [buckets("edgezero"), buckets("legacy")];
  if (edgezero.length === 0 || legacy.length === 0) return "unknown";
  return Math.max(...edgezero) < Math.min(...legacy) ? "yes" : "unknown";
}

/**
 * Whether all gateways were seen to serve the configured values; `null` where the answers do not tell.
 * Paths that are as they should be are no proof: another store can lead to them too.
 */
export function allAgree(surveys: readonly Survey[]): boolean | null {
  if (surveys.some(({ agrees }) => agrees === false)) return false;
  return surveys.length > 0 && surveys.every(isShown) ? true : null;
}

/** Whether a gateway was seen to serve the configured values, by the epoch that it names. */
export function isShown({ agrees, judgedBy }: Survey): boolean {
  return agrees === true && judgedBy === "epoch";
}
