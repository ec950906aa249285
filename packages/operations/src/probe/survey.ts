import { decide } from "@edgezero/rollout";
import type { Reading } from "../reading.ts";
import type { Sample } from "./probe.ts";
import { probe } from "./probe.ts";
import { bucketOf, spreadClients } from "./synthetic-clients.ts";

const CONCURRENCY = 8;

/** How a gateway takes the addresses that probes claim in `X-Forwarded-For`. */
export type Honoured =
  /** Each probe is a client of its own. */
  | "yes"
  /** All probes are one client: this machine. */
  | "no"
  /** Nothing in the answers tells. */
  | "unknown";

/** What a gateway serves, as one round of probes has found it. */
export interface Survey {
  readonly url: string;
  readonly probes: number;
  readonly edgezero: number;
  readonly legacy: number;
  /** Without a response of a gateway. */
  readonly failed: number;
  /** Why the first of them failed. */
  readonly fault: string | null;
  readonly forwardedForHonoured: Honoured;
  /** This machine's bucket, where all probes are one client and the gateway says it. */
  readonly ownBucket: number | null;
  /** The share on EdgeZero in per cent, where it can be measured from here. */
  readonly sharePct: number | null;
  /** How many responses carried each epoch; empty where the gateway does not send it. */
  readonly epochs: Readonly<Record<string, number>>;
  /** Whether it is what is configured; `null` when that cannot be told from here. */
  readonly agrees: boolean | null;
  /** What that was judged by. */
  readonly judgedBy: "epoch" | "path" | "nothing";
  /** The gateway's clock less this machine's, in seconds, where it is off by more than 1. */
  readonly clockSkewS: number | null;
}

/** Sends `count` probes, one client of each bucket in turn, and judges the answers. */
export async function survey(url: string, count: number, reading: Reading): Promise<Survey> {
  const clients = spreadClients(count);
  const samples: Sample[] = [];
  const work = async (): Promise<void> => {
    for (let next = clients.pop(); next !== undefined; next = clients.pop()) {
      samples.push(await probe(url, next.ip));
    }
  };
  const sentAt = Date.now();
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return judge(url, samples, reading, sentAt);
}

/** Judges a round of probes. Pure. */
export function judge(
  url: string,
  samples: readonly Sample[],
  { state }: Reading,
  sentAt: number,
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
    // Not one client's answers, and not those that are configured either.
    judgedBy = "path";
    agrees = answered.every(isExpected);
  }
  // What does not answer may serve anything.
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
    clockSkewS: clockSkew(answered, sentAt),
  };
}

/** By the buckets that the gateway names, else by paths that differ as only buckets make them. */
function honouredBy(answered: readonly Sample[]): Honoured {
  const named = answered.filter(({ detail }) => detail?.bucket !== null && detail !== null);
  if (named.length > 1) {
    return named.every(({ detail, clientIp }) => detail?.bucket === bucketOf(clientIp))
      ? "yes"
      : "no";
  }
  const buckets = (path: string): number[] =>
    answered.filter((sample) => sample.path === path).map(({ clientIp }) => bucketOf(clientIp));
  const [edgezero, legacy] = [buckets("edgezero"), buckets("legacy")];
  if (edgezero.length === 0 || legacy.length === 0) return "unknown";
  return Math.max(...edgezero) < Math.min(...legacy) ? "yes" : "unknown";
}

function clockSkew(answered: readonly Sample[], sentAt: number): number | null {
  const skews = answered.flatMap(({ date }) => (date === null ? [] : [(date - sentAt) / 1000]));
  const [skew = 0] = skews.toSorted((a, b) => Math.abs(a) - Math.abs(b));
  // The header is cut to the second, and a round takes its time.
  return Math.abs(skew) > 2 ? Math.round(skew) : null;
}
